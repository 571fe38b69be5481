// A mail server of a kept library: what Mintmark sends, as a mail program reads it.

import { once } from "node:events";
import PostalMime from "postal-mime";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";

/**
 * Listens on a free port of 127.0.0.1 and stops at the end of `t`. Answers `{ url, env, all, next(filter) }`: `env` makes
 * Mintmark send there; `all` is what came so far; `next` waits for the first mail that `filter` takes and nobody has taken yet. A mail is
 * `{ to: [..], from, subject, text, html, headers }`; `link()` is the first address in its text.
 *
 * `refuse(envelope)` may answer an error with a `responseCode` for a recipient. `tls` is what `authority()` answers: the URL is smtps then,
 * or, with `starttls`, smtp.
 */
export async function mailServer(t, { refuse = () => null, tls, starttls = false } = {}) {
  const all = [];
  const waiting = [];
  let taken = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: starttls ? ["AUTH"] : ["STARTTLS", "AUTH"],
    secure: Boolean(tls) && !starttls,
    ...tls,
    disableReverseLookup: true,
    onRcptTo: (address, session, done) => done(refuse({ address: address.address, session })),
    onData(stream, session, done) {
      const pieces = [];
      stream.on("data", (piece) => pieces.push(piece));
      stream.on("end", async () => {
        const mail = await PostalMime.parse(Buffer.concat(pieces));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        all.push({ to, from: mail.from, subject: mail.subject, text: mail.text, html: mail.html, headers: mail.headers, link: () => mail.text.match(/https?:\/\/\S+/)?.[0] });
        waiting.splice(0).forEach((look) => look());
        done();
      });
    },
  });
  server.on("error", () => {}); // a client that hangs up is its own business
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  t.after(() => new Promise((closed) => server.close(closed)));
  const { port } = listener.address();
  const url = tls ? `${starttls ? "smtp" : "smtps"}://localhost:${port}?tls=required` : `smtp://127.0.0.1:${port}`;
  return {
    url,
    env: { MINTMARK_SMTP_URL: url, MINTMARK_MAIL_FROM: "no-reply@mint.example" },
    all,
    async next(filter = () => true) {
      for (;;) {
        while (taken < all.length) {
          const mail = all[taken++];
          if (filter(mail)) return mail;
        }
        await new Promise((look) => waiting.push(look));
      }
    },
  };
}

/** A certificate for `localhost`, its key, and that of the authority of our own which signed it. */
export async function authority() {
  const ec = { keyType: "ec", algorithm: "sha256" };
  const named = (value) => [{ name: "commonName", value }];
  const ca = await generate(named("Authority of a test"), { ...ec, extensions: [{ name: "basicConstraints", cA: true, critical: true }] });
  const own = await generate(named("localhost"), {
    ...ec,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [{ name: "basicConstraints", cA: false }, { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  return { ca: ca.cert, key: own.private, cert: own.cert };
}
