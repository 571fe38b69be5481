// History tells it all: what was done, what was refused, and the same in the files that people take away.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { alive, assert, axe, browser, mintmark, noOverflow, owner, signIn, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";

/** A token that was minted, used, refused from a wrong page, revoked and refused again; all of it written down. */
async function lived(t) {
  const server = await mintmark(t);
  const acme = await owner(server);
  const customer = await acme.customer(origin);
  const { id, token } = await acme.mint(customer, { label: 'Said "hello", then left' });
  const call = async (from) => (await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin: from } })).status;
  assert.equal(await call(origin), 200);
  for (let n = 0; n < 3; n++) assert.equal(await call("https://evil.example"), 403);
  await acme.call("DELETE", `/v1/widget-tokens/${id}`, { reason: "=HYPERLINK(\"https://evil.example\")" });
  assert.equal(await call(origin), 401);
  await server.restart(); // refusals are written beside the requests; a stop writes what is left
  const { page } = await browser(t);
  await signIn(page, server, acme);
  return { server, acme, id, token, page };
}

/** RFC 4180. */
function records(text) {
  const rows = [];
  for (const line of text.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+\r\n/g)) {
    rows.push([...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));
  }
  const [names, ...rest] = rows;
  for (const row of rest) assert.equal(row.length, names.length, row.join("|"));
  return rest.map((row) => Object.fromEntries(row.map((cell, at) => [names[at], cell])));
}

test("minting, refused calls and revocation stand on the page, with who, why and from where", async (t) => {
  const { server, id, token, page } = await lived(t);
  await page.getByRole("navigation").getByRole("link", { name: "History", exact: true }).click();
  await alive(page);
  await axe(page);
  await noOverflow(page);
  const events = page.getByRole("list", { name: "Events, newest first" });
  for (const sentence of [/minted a widget token/, /revoked a widget token/, /3 calls were refused: the page's origin/, /A call was refused: the token was revoked/]) {
    await events.getByText(sentence).first().waitFor();
  }
  const revoked = events.locator("li").filter({ hasText: "revoked a widget token" }).first();
  await revoked.locator("summary").click();
  const told = await revoked.innerText();
  for (const part of [id.slice(-6), '=HYPERLINK("https://evil.example")', "127.0.0.1", /req_[0-9a-f]{24}/]) assert.match(told, part instanceof RegExp ? part : new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await axe(page);
  assert.ok(!(await page.content()).includes(token.split(".")[2]), "no token in history");

  await page.goto(`${server.url}/t/acme/history?target_id=${id}&outcome=refused`);
  assert.equal(await events.locator("li").count(), 2);
  await page.goto(`${server.url}/t/acme/history?action=widget_token.minted&target_id=wtok_000000000000000000000000`);
  await page.getByText("No events match").or(page.getByText(/match/i)).first().waitFor();
});

test("the exports hold what the filters show, parse, are harmless in a spreadsheet, and prove the chain", async (t) => {
  const { page } = await lived(t);
  await page.getByRole("navigation").getByRole("link", { name: "History", exact: true }).click();
  await alive(page);
  const file = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFile(await download.path(), "utf8");
  };
  const csv = records(await file("Export CSV"));
  const lines = (await file("Export JSONL")).trimEnd().split("\n");
  const byRequest = Object.fromEntries(lines.map((line) => [JSON.parse(line).id, line]));

  const revoked = csv.find(({ action }) => action === "widget_token.revoked");
  assert.equal(revoked.reason, "'=HYPERLINK(\"https://evil.example\")");
  assert.equal(JSON.parse(byRequest[revoked.id]).reason, "=HYPERLINK(\"https://evil.example\")");
  const minted = csv.find(({ action }) => action === "widget_token.minted");
  assert.equal(JSON.parse(minted.metadata).label, 'Said "hello", then left');
  assert.equal(csv.filter(({ outcome, action }) => outcome === "refused" && action === "widget_request.refused").length, 2);
  assert.ok(lines.some((line) => JSON.parse(line).action === "audit_log.exported"), "an export is an event itself");

  // Each hash is made of the one before, the number and the line as it stands: whoever has the files can prove them.
  const chain = csv.map((row) => ({ ...row, seq: Number(row.seq) })).sort((a, b) => a.seq - b.seq);
  let proved = 0;
  for (const [at, { seq, id, hash }] of chain.entries()) {
    if (at === 0 || !byRequest[id]) continue;
    const number = Buffer.alloc(8);
    number.writeBigInt64BE(BigInt(seq));
    const made = createHash("sha256").update(Buffer.from(chain[at - 1].hash, "hex")).update(number).update(byRequest[id]).digest("hex");
    assert.equal(made, hash, `event ${seq}`);
    proved += 1;
  }
  assert.ok(proved >= 8, `${proved} events`);
});
