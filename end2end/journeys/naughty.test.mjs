// Whatever people call things, it is shown as they wrote it and does nothing (WB4, WB5).

import { alive, assert, browser, member, mintmark, owner, signIn, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";
const canary = "window.canary=(window.canary||0)+1";

/** Texts that break out of tags, attributes, scripts, comments, JSON, templates, CSS, URLs, and of their line. */
const corpus = [
  `<script>${canary}</script>`,
  `"><img src=x onerror="${canary}">`,
  `'><svg/onload='${canary}'>`,
  `</script><script>${canary}</script>`,
  `</title></textarea></style></template><img src=x onerror=${canary}>`,
  `<!--<img src="--><img src=x onerror=${canary}//">`,
  `<!-- --!> ]]> <![CDATA[ <?xml ?> <b>`,
  `javascript:${canary}//`,
  `jaVasCript:/*-/*\`/*\\\`/*'/*"/**/(/* */onerror=${canary} )//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=x//>`,
  `{{constructor.constructor('${canary}')()}} \${${canary}} <%= ${canary} %>`,
  `" autofocus onfocus="${canary}" x="`,
  `' style='position:fixed;inset:0' onmouseover='${canary}`,
  `</style><style>*{display:none}</style>`,
  `</title><meta http-equiv=refresh content="0;url=https://evil.example">`,
  `<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">`,
  `<iframe srcdoc="<script>parent.${canary}</script>"></iframe>`,
  `<a href="javascript:${canary}">x</a>`,
  `\\u0000 \\x00 &#x3c;script&#x3e; &lt;script&gt; %3Cscript%3E`,
  `line\u2028separator\u2029paragraph`,
  `\u202Eright-to-left\u202C \u200Bzero\u200Dwidth\uFEFF`,
  `𝕿𝖍𝖊 ﷽ Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ 👩‍👩‍👧‍👦 ١٢٣`,
  `null undefined NaN true [object Object] __proto__ constructor`,
  `'; drop table tenant; -- " or 1=1`,
  `$(touch /tmp/x) \`id\` %s%n %00 ../../etc/passwd`,
  `\\"},{"a":"b`,
];

/** Fails if a text is shown nowhere on the page as it was written: in text, or in the value of a field. */
async function shown(page, texts, where) {
  const found = await page.evaluate((texts) => {
    const there = document.body.textContent;
    const values = [...document.querySelectorAll("input, textarea, option")].map((field) => field.value);
    return texts.filter((text) => !there.includes(text) && !values.includes(text));
  }, texts);
  assert.deepEqual(found, [], `not shown as written on ${where}`);
}

/** How the browser gives a page's title back: white space collapsed, as in any document. */
const titled = (name) => `${name.replace(/[\t\n\f\r ]+/g, " ").trim()} · Mintmark`;

test("no name, label or reason runs or is changed on any page of the dashboard (WB4, WB5)", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { page, tolerate } = await browser(t); // which fails on any error, and any report of the content security policy
  tolerate(/status of 4/); // addresses that lead nowhere, at the end
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });

  const made = [];
  for (const text of corpus) {
    const organization = await acme.call("POST", "/v1/organizations", { name: text.slice(0, 120).trim(), allow_development_origins: true });
    await acme.call("POST", `/v1/organizations/${organization.id}/origins`, { origin });
    const { id } = await acme.mint({ ...organization, origin }, { label: text.slice(0, 120).trim() });
    await acme.call("DELETE", `/v1/widget-tokens/${id}`, { reason: text.trim() });
    await acme.call("POST", "/v1/api-keys", { name: text.slice(0, 120).trim(), role: "viewer" });
    made.push({ name: organization.name, organization: organization.id, token: id, reason: text.trim() });
  }
  const names = made.map(({ name }) => name);
  assert.deepEqual(names, corpus.map((text) => text.slice(0, 120).trim()), "kept as written");
  await acme.call("PATCH", "/v1/tenant", { name: names[0] });
  for (const [at, name] of names.slice(0, 4).entries()) await member(server, acme, "viewer", { name, email: `n${at}@acme.example` });
  await acme.call("POST", "/v1/signing-keys/rotate", { force: true, reason: made[3].reason });

  await signIn(page, server, acme);
  const inert = async (where) => {
    await alive(page);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
      for (const element of document.querySelectorAll("main *")) element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal(await page.evaluate(() => window.canary ?? 0), 0, `the canary sang on ${where}`);
    assert.equal(dialogs, 0, `a dialog on ${where}`);
    assert.equal(new URL(page.url()).origin, server.url, where);
  };
  const visit = async (path, texts = []) => {
    const answer = await page.goto(`${server.url}${path}`);
    assert.equal(answer.status(), 200, path);
    await inert(path);
    await shown(page, texts, path);
  };

  await page.goto(`${server.url}/t/acme`);
  const links = page.getByRole("navigation").first().getByRole("link");
  const places = await links.evaluateAll((links) => links.map((link) => link.getAttribute("href")).filter((path) => path.startsWith("/t/")));
  assert.ok(places.length >= 5, places.join());
  for (const place of places) await visit(place, [names[0]]); // the tenant's own name stands on each

  await visit("/t/acme/organizations", names);
  await visit("/t/acme/tokens?include_revoked=true", names);
  await visit("/t/acme/tokens", names); // in the choice of organizations
  await visit("/t/acme/history", made.slice(-6).flatMap(({ name, reason }) => [name, reason]));
  await visit("/t/acme/profile");
  for (const { name, organization, token, reason } of made) {
    await visit(`/t/acme/organizations/${organization}`, [name]);
    assert.equal(await page.title(), titled(name));
    await visit(`/t/acme/tokens/${token}`, [name, reason]);
    assert.equal(await page.title(), titled(name));
  }
  for (const text of corpus) {
    const asked = encodeURIComponent(text);
    for (const path of [`/t/acme/tokens?search=${asked}`, `/t/acme/history?target_id=${asked}`, `/sign-in?return_to=${asked}`, `/t/acme/tokens/${asked}`, `/${asked}`]) {
      await page.goto(`${server.url}${path}`);
      await inert(path);
    }
  }
});
