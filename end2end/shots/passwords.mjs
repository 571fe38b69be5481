// Pictures of our sign-in window with passwords, and of the pages that mails about one lead to.

import { alive, mintmark, owner } from "../harness/index.mjs";

const origin = "http://localhost:4010";
const email = "someone@customer.example";
const token = `password_${"x".repeat(49)}`;

export const worlds = {
  /** A product with passwords that takes in anybody. */
  async passwords(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
    const asked = { name: "Website", origins: [origin], mode: "live", allow_development_origins: true };
    const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, asked);
    await acme.call("PATCH", `/v1/products/${product}`, { sign_in: true, passwords: true, anyone_may_sign_in: true });
    return { server, acme, product, key };
  },
};

/** As if a page had opened it. */
async function start(page, { server, key }) {
  await page.addInitScript(() => Object.defineProperty(window, "opener", { value: { closed: false, postMessage() {} } }));
  await page.goto(`${server.url}/popup/sign-in?${new URLSearchParams({ key, origin, state: "s" })}`);
}

/** The window after these buttons. */
const turned = (...buttons) => async (page, world) => {
  await start(page, world);
  for (const name of buttons) await page.getByRole("button", { name }).click();
};

const filled = (step, password, ...buttons) => async (page, world) => {
  await turned(...buttons)(page, world);
  const form = page.locator(`[data-step="${step}"]`);
  await form.getByLabel("E-mail").fill(email);
  if (password) await form.getByRole("textbox", { name: /password/i }).fill(password);
  await form.locator("form .button").click();
  await page.waitForLoadState("networkidle");
};

export const pictures = [
  { world: "passwords", name: "window-start", open: start },
  { world: "passwords", name: "window-password", open: turned("Use a password") },
  { world: "passwords", name: "window-wrong", open: filled("password", "not the password at all", "Use a password"), tolerate: /status of 4/ },
  { world: "passwords", name: "window-sign-up", open: turned("Use a password", "Create an account") },
  { world: "passwords", name: "window-weak", open: filled("sign-up", "password1password1", "Use a password", "Create an account"), tolerate: /status of 422/ },
  { world: "passwords", name: "window-signed-up", open: filled("sign-up", "velvet otter plays backgammon", "Use a password", "Create an account") },
  { world: "passwords", name: "window-forgot", open: filled("forgot", "", "Use a password", "Forgot your password?") },
  { world: "passwords", name: "verify", open: (page, { server }) => page.goto(`${server.url}/popup/verify#${token}`) },
  { world: "passwords", name: "reset", open: (page, { server }) => page.goto(`${server.url}/popup/reset#${token}`) },
  {
    world: "passwords",
    name: "passwords-switch",
    open: async (page, { server, acme, product }) => {
      await acme.signIn(page);
      await page.goto(`${server.url}/t/acme/studio/${product}/sign-in`);
      await alive(page);
    },
  },
];
