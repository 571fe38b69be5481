// Pictures of the sign-in window, of what a mail leads to, and of its tab in the dashboard.

import { alive, mailServer, mintmark, owner } from "../harness/index.mjs";

const origin = "http://localhost:4010";

export const worlds = {
  async "sign-in"(t) {
    const mail = await mailServer(t);
    const server = await mintmark(t, { env: mail.env });
    const acme = await owner(server);
    const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
    const make = (name) => acme.call("POST", `/v1/products/${product}/embed-keys`, { name, origins: [origin], mode: "test" });
    await make("Website");
    const { id: key } = await make("Shop");
    await acme.call("PATCH", `/v1/products/${product}`, { sign_in: true });
    const looks = await acme.call("POST", "/v1/products", { name: "Northwind Studio", sign_in: true, appearance: { accent: "#7a2e5d", radius: 14 } });
    const coloured = await acme.call("POST", `/v1/products/${looks.id}/embed-keys`, { name: "Website", origins: [origin], mode: "live", allow_development_origins: true });
    const off = await acme.call("POST", "/v1/products", { name: "Off" });
    return { server, acme, mail, product, key, coloured: coloured.id, off: off.id };
  },
};

const address = (server, key, from = origin) => `${server.url}/popup/sign-in?${new URLSearchParams({ key, origin: from, state: "s" })}`;

/** As if a page had opened it. */
const opened = (key, then = () => {}) => async (page, world) => {
  await page.addInitScript(() => Object.defineProperty(window, "opener", { value: { closed: false, postMessage() {} } }));
  await page.goto(address(world.server, key(world)));
  await then(page, world);
};

const sent = async (page) => {
  await page.getByLabel("E-mail").fill("ada@customer.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByRole("heading", { name: "Check your inbox" }).waitFor();
};

const token = `magic_${"x".repeat(49)}`;
const challenge = "0".repeat(64);

async function link(page, { server }, before = () => {}) {
  await page.goto(`${server.url}/popup/link`);
  await page.evaluate(before, [challenge, origin]);
  await page.goto("about:blank");
  await page.goto(`${server.url}/popup/link#${token}.${challenge}`);
}

const tab = (product) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme/studio/${product(world)}/sign-in`);
  await alive(page);
};

export const pictures = [
  { world: "sign-in", name: "window", open: opened(({ key }) => key) },
  { world: "sign-in", name: "window-looks", open: opened(({ coloured }) => coloured) },
  { world: "sign-in", name: "window-sent", open: opened(({ key }) => key, sent) },
  { world: "sign-in", name: "window-alone", open: (page, { server, key }) => page.goto(address(server, key)) },
  { world: "sign-in", name: "window-refused", open: (page, { server, key }) => page.goto(address(server, key, "https://evil.example")), tolerate: /status of 403/ },
  {
    world: "sign-in",
    name: "link-elsewhere",
    async open(page, world) {
      await link(page, world);
      await page.getByRole("heading", { name: "Open this link where you began" }).waitFor();
    },
  },
  {
    world: "sign-in",
    name: "link-closed",
    async open(page, world) {
      await link(page, world, ([hash, began]) => localStorage.setItem(`mintmark-sign-in ${hash}`, JSON.stringify({ origin: began, at: Date.now() })));
      await page.getByRole("heading", { name: "The sign-in window is closed" }).waitFor();
    },
  },
  { world: "sign-in", name: "sign-in-tab", open: tab(({ product }) => product) },
  { world: "sign-in", name: "sign-in-tab-off", open: tab(({ off }) => off) },
];
