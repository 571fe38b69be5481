// The outbox: mail leaves through a real mail server, and is read in the dashboard where there is none.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alive, assert, authority, axe, browser, mailServer, member, mintmark, noOverflow, owner, signIn, test } from "../harness/index.mjs";

test("a test mail arrives, and the outbox says so", async (t) => {
  const mail = await mailServer(t);
  const server = await mintmark(t, { env: mail.env });
  const acme = await owner(server);
  const { page } = await browser(t);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/outbox`);
  await alive(page);
  await page.getByRole("heading", { name: "No mail yet" }).waitFor();
  await axe(page);
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await page.getByRole("row", { name: /Mail from Acme arrives/ }).waitFor();
  const got = await mail.next();
  assert.deepEqual(got.to, [acme.email]);
  assert.deepEqual([got.from, got.subject], [{ name: "Acme", address: "no-reply@mint.example" }, "Mail from Acme arrives"]);
  assert.match(got.text, /Mail arrives/);
  assert.match(got.html, /<h1[^>]*>Mail arrives<\/h1>/);
  const sent = page.getByRole("row", { name: /Sent/ });
  while (!(await sent.count())) {
    await page.reload();
    await alive(page);
  }
  assert.equal(await page.getByRole("button", { name: /^Read/ }).count(), 0, "what is sent is for its recipient");
  await axe(page);
  assert.doesNotMatch(server.log(), new RegExp(acme.email), "the log names no address");
});

for (const starttls of [false, true]) {
  test(`mail goes to a server of one's own authority, ${starttls ? "after STARTTLS" : "under TLS from the first byte"}, and to no stranger`, async (t) => {
    const { ca, ...tls } = await authority();
    const mail = await mailServer(t, { tls, starttls });
    const server = await mintmark(t, { env: mail.env });
    const acme = await owner(server);
    await assert.rejects(server.command(["doctor"]), /certificate/i, "nobody vouches for it");
    const file = join(server.dataDir, "authority.pem");
    await writeFile(file, ca);
    server.env.MINTMARK_SMTP_CA_FILE = file;
    await server.restart();
    const { page } = await browser(t);
    await acme.signIn(page);
    await page.goto(`${server.url}/t/acme/outbox`);
    await alive(page);
    await page.getByRole("button", { name: "Send a test mail" }).click();
    assert.deepEqual((await mail.next()).to, [acme.email]);
    assert.equal(mail.all.length, 1);
  });
}

test("without a mail server an owner reads mail in the outbox, and a viewer does not", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const viewer = await member(server, acme, "viewer");
  const { page, newContext } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/outbox`);
  await alive(page);
  await page.getByText("No mail is sent").waitFor();
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await page.getByRole("button", { name: /^Read/ }).click();
  const dialog = page.getByRole("dialog", { name: "Mail" });
  await dialog.getByText("Whoever reads it knows that mail gets through").waitFor();
  await noOverflow(page);
  await axe(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  assert.equal(await page.getByText("Whoever reads it knows").count(), 0);
  await page.goto(`${server.url}/t/acme/history`);
  await page.getByText("read a mail in the outbox").first().waitFor();

  const other = await (await newContext()).newPage();
  await signIn(other, server, viewer);
  await other.goto(`${server.url}/t/acme/outbox`);
  await alive(other);
  await other.getByRole("row", { name: /Mail from Acme arrives/ }).waitFor();
  assert.equal(await other.getByRole("button", { name: /^Read/ }).count(), 0);
  assert.equal(await other.getByRole("button", { name: "Send a test mail" }).getAttribute("aria-disabled"), "true");
});
