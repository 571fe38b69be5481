// Pictures of a product's conversations.

import { alive, mintmark, owner } from "../harness/index.mjs";

const origin = "https://shop.example";

export const worlds = {
  /** Four conversations: waiting, answered, closed, anonymous. */
  async conversations(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
    await acme.call("POST", `/v1/products/${product}/domains`, { origin });
    const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Shop", origins: [origin], mode: "live" });
    const { secret } = await acme.call("POST", `/v1/products/${product}/verification-secrets`, {});
    const json = { "content-type": "application/json", origin };
    const say = async (text, conversation_token, token) => {
      const headers = token ? { ...json, authorization: `Bearer ${token}` } : json;
      return (await fetch(`${server.url}/embed/v1/messages?key=${key}`, { method: "POST", headers, body: JSON.stringify({ text, conversation_token }) })).json();
    };
    const identity = async (user_id, name) => {
      const body = { product_id: product, verification_secret: secret, user_id, name, metadata: { plan: "Team", seats: 12, account_manager: "Grace Hopper" } };
      const answer = await fetch(`${server.url}/v1/auth/user-token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      return (await answer.json()).token;
    };
    const path = `/v1/products/${product}/conversations`;
    const closed = await say("Where do I find last year's invoices?", undefined, await identity("u-2", "Linus Larsson"));
    await acme.call("POST", `${path}/${closed.conversation_id}/messages`, { text: "Under Billing, by year." });
    await acme.call("PATCH", `${path}/${closed.conversation_id}`, { status: "closed" });
    await say("Do you ship to Iceland?");
    const ada = await identity("u-1", "Ada Lovelace");
    const begun = await say("Hello, is anybody there?");
    await say("It is me. Our export stopped on Friday at 14:00, and since then nothing has come:\n\n  export: 0 rows\n  export: 0 rows", begun.conversation_token, ada);
    await acme.call("POST", `${path}/${begun.conversation_id}/messages`, { text: "Hello Ada. I see it: the key that signs it was revoked that afternoon. I rotate it now, and the missing rows follow within the hour." });
    await say("Thank you! The first rows are here.", begun.conversation_token, ada);
    return { server, acme, product, begun };
  },
};

const visit = (path) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme/studio/${world.product}/conversations${path(world)}`);
  await alive(page);
};

export const pictures = [
  { world: "conversations", name: "conversations", open: visit(() => "") },
  { world: "conversations", name: "conversation", open: visit(({ begun }) => `/${begun.conversation_id}`) },
];
