// Node 20 or newer, in your backend, without any package.
const { MINTMARK_URL, MINTMARK_API_KEY, MINTMARK_ORGANIZATION, MINTMARK_SCOPE, MINTMARK_ORIGIN, MINTMARK_TTL } = process.env;

const answer = await fetch(`${MINTMARK_URL}/v1/widget-tokens`, {
  method: "POST",
  headers: { authorization: `Bearer ${MINTMARK_API_KEY}`, "content-type": "application/json" },
  body: JSON.stringify({
    organization_id: MINTMARK_ORGANIZATION,
    scope: [MINTMARK_SCOPE],
    origins: [MINTMARK_ORIGIN],
    ttl_seconds: Number(MINTMARK_TTL),
  }),
});
const body = await answer.json();
if (!answer.ok) throw new Error(`${body.code}: ${body.message}`);

// Render it into the page; never keep it in the browser.
console.log(body.token);
