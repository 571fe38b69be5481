// `make demo`: the portal of a fictitious tenant, with each of its backends, against a running Mintmark.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { NOTHING, assert, axe, browser, demo, demoPlace, keepsNothing, mailServer, mintmark, noOverflow, owner, root, run, test } from "../harness/index.mjs";

const hereAs = async (page, name) => {
  await page.getByLabel("Here as").selectOption({ label: name });
  await page.getByRole("button", { name: "Change" }).click();
};

/** Compiles the backend in Rust, where the snippets' dependencies lie compiled already. */
const build = () =>
  run("cargo", ["build", "--quiet", "--locked", "--manifest-path", join(root, "demo/rust/Cargo.toml")], { env: { ...process.env, CARGO_TARGET_DIR: join(root, "target") } });

/** Every page as a visitor meets it. */
async function walk(page, acme, mail, url) {
  await page.goto(url);
  for (const name of ["Starter", "Team", "Company"]) await page.getByRole("heading", { name, exact: true }).waitFor();
  await page.getByRole("button", { name: "Choose Team" }).click();
  await page.getByText("You chose off_").waitFor();
  await axe(page);

  await page.getByRole("link", { name: "Account", exact: true }).click();
  await page.getByText("Session: anonymous").waitFor();
  await hereAs(page, "Ada Lovelace");
  await page.getByRole("button", { name: "Account of Ada Lovelace" }).waitFor();
  await page.getByText("Session: signed-in").waitFor();
  await page.getByRole("heading", { name: "Northwind" }).waitFor();
  await page.getByText("Set up directory sync").waitFor();
  await axe(page);

  await page.getByRole("link", { name: "Support" }).click();
  await page.getByLabel("Message", { exact: true }).fill("Which plan am I on?");
  await page.keyboard.press("Enter");
  await page.getByText("You (Ada Lovelace)").waitFor();
  await hereAs(page, "nobody");
  await page.getByLabel("Message", { exact: true }).fill("And me?");
  await page.keyboard.press("Enter");
  await page.locator("#heard", { hasText: "mintmark-message-sent" }).waitFor({ state: "attached" });
  const portal = (await acme.call("GET", "/v1/products")).data.find(({ name }) => name === "Demo portal");
  const conversations = (await acme.call("GET", `/v1/products/${portal.id}/conversations`)).data;
  assert.equal(conversations.length, 2);
  await axe(page);

  await page.getByRole("link", { name: "Sign in by mail" }).click();
  await page.getByLabel("E-mail address").fill("visitor@customer.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByRole("heading", { name: "Check your inbox" }).waitFor();
  await axe(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await noOverflow(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto((await mail.next()).link());
  await page.getByText("Signed in as visitor@customer.example").first().waitFor();
  assert.equal(page.url(), `${url}sign-in`);
  assert.deepEqual(await keepsNothing(page), NOTHING);
}

for (const language of ["node", "python", "rust"]) {
  test(`the portal's pages work with its backend in ${language}`, async (t) => {
    if (language === "rust") await build();
    const mail = await mailServer(t);
    const server = await mintmark(t, { env: mail.env });
    const acme = await owner(server);
    const place = { url: server.url, language, ...(await demoPlace(t)) };
    const first = await demo(t, { ...place, typed: [acme.email, acme.password] });
    const file = join(place.folder, "settings.json");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.ok(!(await readFile(file, "utf8")).includes(acme.password) && !first.said().includes(acme.password));
    const { page } = await browser(t);
    await walk(page, acme, mail, first.url);

    // Another site's page may not choose who somebody is here, and nobody reads the files beside the pages.
    const forged = { method: "POST", headers: { origin: "https://evil.example" }, body: new URLSearchParams({ person: "ada" }), redirect: "manual" };
    assert.equal((await fetch(`${first.url}person`, forged)).status, 403);
    for (const path of ["people.json", "..%2Fnode%2Fserver.mjs", "%2e%2e/start.mjs"]) assert.equal((await fetch(first.url + path)).status, 404, path);
  });
}

test("the demo may be started again: it asks nothing while what it made works, and makes anew what does not", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const place = { url: server.url, ...(await demoPlace(t)) };
  const { key } = await acme.call("POST", "/v1/api-keys", { name: "For the demo", role: "admin" });
  const kept = async () => JSON.parse(await readFile(join(place.folder, "settings.json"), "utf8"));
  const counts = async () => {
    const products = (await acme.call("GET", "/v1/products")).data.filter(({ name }) => name === "Demo portal");
    const at = `/v1/products/${products[0].id}`;
    const living = async (path) => (await acme.call("GET", path)).data.filter(({ revoked_at, name }) => !revoked_at && name !== "For the demo").length;
    return [products.length, await living(`${at}/embed-keys`), await living(`${at}/offerings`), await living(`${at}/bridge-keys`), await living(`${at}/verification-secrets`), await living("/v1/api-keys")];
  };
  await (await demo(t, { ...place, env: { MINTMARK_API_KEY: key } })).stop();
  const [first, made] = [await kept(), await counts()];
  assert.deepEqual(made, [1, 1, 3, 1, 1, 1]);

  await (await demo(t, place)).stop();
  assert.deepEqual(await kept(), first);

  const mine = (await acme.call("GET", "/v1/api-keys")).data.find(({ name }) => name === "Demo portal");
  await acme.call("DELETE", `/v1/api-keys/${mine.id}`);
  await assert.rejects(demo(t, place), ({ code, said }) => code === 1 && /works no more.*invalid_token/.test(said) && /make demo: no e-mail was given: .*MINTMARK_API_KEY/.test(said));
  await demo(t, { ...place, typed: [acme.email, acme.password] });
  assert.deepEqual(await counts(), made);
  assert.notEqual((await kept()).MINTMARK_API_KEY, first.MINTMARK_API_KEY);
  assert.equal((await kept()).MINTMARK_EMBED_KEY, first.MINTMARK_EMBED_KEY);

});

test("the demo says in a sentence what is in its way", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const place = { url: server.url, ...(await demoPlace(t)) };
  const says = async (options, sentence) => assert.rejects(demo(t, { ...place, ...options }), ({ code, said }) => code === 1 && sentence.test(said) && !/\n +at /.test(said));
  await says({ language: "cobol" }, /make demo: DEMO=cobol is none of node, python, rust\./);
  await says({ typed: [acme.email, "wrong"] }, /make demo: e-mail and password do not fit together: use those/);
  await says({ env: { MINTMARK_API_KEY: "sk_live_wrong" } }, /make demo: Mintmark refused: invalid_token/);
  const viewer = await acme.call("POST", "/v1/api-keys", { name: "Reads", role: "viewer" });
  await says({ env: { MINTMARK_API_KEY: viewer.key } }, /make demo: that account or API key may not make products and keys/);
  await server.stop();
  await says({}, /make demo: nothing answers at http:\/\/127\.0\.0\.1:\d+: start 'make run'/);
});
