// People of a tenant beside its owner, and how they come in, for journeys whose point lies elsewhere.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

const password = "velvet otter plays backgammon";

/** Invites somebody with this role, in the tenant or in one organization, who comes. Answers `{ email, name, password }`. */
export async function member(server, owner, role, { name = `Some ${role}`, email = `${role}@acme.example`, organization_id } = {}) {
  const { url } = await owner.call("POST", "/v1/invitations", { email, role, organization_id });
  await send(server, "accept_invitation", { token: new URL(url).searchParams.get("token"), name, password });
  return { email, name, password };
}

/** Somebody comes in through the form. What follows the password, a code or the overview, is up to the journey. */
export async function signIn(page, server, { email, password }) {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((at) => at.pathname !== "/sign-in");
}

/** The code that an authenticator shows at a time in milliseconds (RFC 6238: SHA-1, six digits, 30 s). */
export function authenticatorCode(secret, at) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const digits = (mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000;
  return String(digits).padStart(6, "0");
}

/** Somebody signed in without a page: `await (await insider(server, person))("list_tokens", { tenant: "acme" })`. */
export async function insider(server, { email, password }) {
  const { headers } = await send(server, "sign_in", { email, password });
  const cookie = headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (name, fields) => (await send(server, name, fields, { cookie })).json();
}

/** Calls a server function as a page of ours does. */
async function send(server, name, fields, headers = {}) {
  const answer = await fetch(`${server.url}/api/${name}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { accept: "application/json", "sec-fetch-site": "same-origin", ...headers },
    redirect: "manual",
  });
  assert.ok(answer.status < 400, `${name}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
  return answer;
}
