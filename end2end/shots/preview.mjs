// Pictures of Embed Studio's preview: without an origin, without a key, and with each element in it.

import { alive, freePort, mintmark, owner } from "../harness/index.mjs";

const offering = (name, amount, more = {}) => ({
  name,
  price: { amount, currency: "EUR", interval: "month" },
  features: ["Five seats", "Support by mail"],
  status: "PUBLISHED",
  ...more,
});

async function shop(t, env) {
  const server = await mintmark(t, { env });
  const acme = await owner(server);
  const [{ id }] = (await acme.call("GET", "/v1/products")).data;
  const at = `/v1/products/${id}`;
  await acme.call("POST", `${at}/embed-keys`, { name: "Website", origins: ["https://www.acme.example"], mode: "live" });
  await acme.call("POST", `${at}/offerings`, offering("Basic", 1900, { description: "For a team that starts.", cta_url: "https://www.acme.example/buy" }));
  await acme.call("POST", `${at}/offerings`, offering("Team", 4950, { features: ["Twenty seats", "Support by telephone", "Sign-in with your own"], cta_url: "https://www.acme.example/buy" }));
  await acme.call("POST", `${at}/offerings`, offering("Founder", 900, { status: "DRAFT" }));
  await acme.call("PATCH", at, { appearance: { accent: "#7c3aed", radius: 14 }, sign_in: true });
  return { server, acme, at, base: `${server.url}/t/acme/studio/${id}` };
}

export const worlds = {
  /** A product that nobody can preview. */
  "preview-none": (t) => shop(t, {}),
  /** One whose preview has no key yet. */
  "preview-keyless": async (t) => shop(t, { MINTMARK_PREVIEW_LISTEN: `127.0.0.1:${await freePort()}` }),
  /** One that is previewed. */
  async preview(t) {
    const port = await freePort();
    const made = await shop(t, { MINTMARK_PREVIEW_LISTEN: `127.0.0.1:${port}` });
    await made.acme.call("POST", `${made.at}/embed-keys`, { name: "Preview", origins: [`http://127.0.0.1:${port}`], mode: "test" });
    return made;
  },
};

const visit = (path) => async (page, { acme, base }) => {
  await acme.signIn(page);
  await page.goto(base + path);
  await alive(page);
};

const framed = (path, seen = "mintmark-pricing") => async (page, world) => {
  await visit(path)(page, world);
  // A frame of another origin draws, and says how high it is, only where it can be seen.
  await page.locator("iframe[data-preview]").scrollIntoViewIfNeeded();
  await page.frameLocator("iframe[data-preview]").locator(`${seen} [part~=root] > *`).first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
};

export const pictures = [
  { world: "preview-none", name: "preview-none", open: visit("/preview") },
  { world: "preview-keyless", name: "preview-keyless", open: visit("/preview") },
  { world: "preview-keyless", name: "appearance-keyless", open: visit("/appearance") },
  { world: "preview", name: "preview-pricing", open: framed("/preview") },
  { world: "preview", name: "preview-pricing-dark", open: framed("/preview?theme=dark&lang=de&width=320") },
  { world: "preview", name: "preview-sign-in", open: framed("/preview?element=sign-in", "mintmark-sign-in") },
  { world: "preview", name: "preview-user-button", open: framed("/preview?element=user-button", "mintmark-user-button") },
  { world: "preview", name: "preview-chat", open: framed("/preview?element=chat", "mintmark-chat") },
  { world: "preview", name: "preview-token-session", open: framed("/preview?element=token-session", "mintmark-token-session") },
  { world: "preview", name: "appearance-live", open: framed("/appearance") },
];
