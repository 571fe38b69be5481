/** A network for the tests: all that is played is what answers; everything else is the SDK as pages get it. */

import { vi } from "vitest";
import type { Session } from "../src/mintmark.js";
import type { Customer } from "../src/answers.js";

// As browsers say it; happy-dom does not.
Object.defineProperty(globalThis, "isSecureContext", { configurable: true, get: () => location.protocol === "https:" || /^((.+\.)?localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname) });

export const BASE = "https://mint.example";
export const KEY = `pk_test_${"0".repeat(24)}`;
export const MINUTE = 60_000;
export const ADA: Customer = { id: "cus_1", external_id: "u-1", email: null, name: "Ada Lovelace" };
export const GRACE: Customer = { id: "cus_2", external_id: "u-2", email: null, name: "Grace Hopper" };

/** What the network is asked. */
export interface Asked {
  readonly name: string;
  readonly url: URL;
  readonly bearer: string | undefined;
  readonly body: any;
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | "nothing";
type Answerer = (asked: Asked) => Answer | Promise<Answer>;

const encode = (value: object) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
let serial = 0;

/** A JWT that says so of itself, signed `ago` milliseconds ago by a clock that is `skew` milliseconds ahead of ours. */
export function jwt(minutes: number, claims: Record<string, unknown> = {}, { skew = 0, ago = 0 } = {}): string {
  const iat = Math.floor((Date.now() + skew - ago) / 1_000);
  return `${encode({ alg: "ES256" })}.${encode({ iat, exp: iat + minutes * 60, jti: `t${(serial += 1)}`, ...claims })}.c2ln`;
}

/** The answer that starts or renews a session. */
export function started(customer: Customer = ADA, { minutes = 60, skew = 0, hours = 12, product = "prod_1" } = {}): { body: any } {
  const at = (offset: number) => new Date(Date.now() + skew + offset).toISOString();
  return { body: { token: jwt(minutes, { sub: customer.id, product_id: product }, { skew }), expires_at: at(minutes * MINUTE), ends_at: at(hours * 60 * MINUTE), customer } };
}

export const refused = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({ status, body: { code, message: code, request_id: "req_1" }, headers });

export const CONFIG = {
  tenant: { slug: "acme", name: "Acme" },
  product: { id: "prod_1", name: "Support" },
  mode: "test",
  appearance: {},
  offerings: [],
  sign_in: true,
  passwords: false,
  keep_signed_in: false,
};

/** Answers what is asked for as `METHOD path`, without `/embed/v1/`; `nothing` is a network that is not there. `asked` has it all. */
export function network(answers: Record<string, Answerer> = {}) {
  const asked: Asked[] = [];
  const all: Record<string, Answerer> = { "GET config": () => ({ body: CONFIG }), ...answers };
  const fetch = vi.fn(async (address: string, init: RequestInit = {}) => {
    const url = new URL(address);
    const headers = (init.headers ?? {}) as Record<string, string>;
    const name = `${init.method} ${url.pathname.replace(/^\/(embed\/v1\/)?/, "")}`;
    const one: Asked = { name, url, bearer: headers["authorization"]?.replace("Bearer ", ""), body: init.body ? JSON.parse(String(init.body)) : undefined };
    if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
    asked.push(one);
    const gone = new Promise<never>((_, reject) => init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
    const answer = await Promise.race([Promise.resolve(all[name]?.(one) ?? refused(404, "not_found")), gone]);
    if (answer === "nothing") throw new TypeError("Failed to fetch");
    const { status = 200, body, headers: more = {} } = answer;
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...more } });
  });
  vi.stubGlobal("fetch", fetch);
  return { asked, answers: all, fetch, names: () => asked.map(({ name }) => name), count: (name: string) => asked.filter((one) => one.name === name).length };
}

/** A promise, and who settles it. */
export function later<T = void>() {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}

/** Lets everything happen that needs no time. */
export const settled = () => vi.advanceTimersByTimeAsync(0);

/** Time goes by, with every timer in it. */
export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** The clocks move as they do while a computer sleeps: no timer rings until somebody looks at the page again. */
export async function sleep(milliseconds: number): Promise<void> {
  vi.setSystemTime(Date.now() + milliseconds);
  document.dispatchEvent(new Event("visibilitychange"));
  await settled();
}

/** Timers and listeners that are there, of window and document. */
export function probe() {
  const left = new Set<string>();
  for (const target of [window, document] as EventTarget[]) {
    const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
    const names = new Map<unknown, string>();
    vi.spyOn(target, "addEventListener").mockImplementation((name: string, listener: any, ...more: any[]) => {
      names.set(listener, names.get(listener) ?? String(names.size));
      left.add(`${target === window ? "window" : "document"} ${name} ${names.get(listener)}`);
      add(name, listener, ...more);
    });
    vi.spyOn(target, "removeEventListener").mockImplementation((name: string, listener: any, ...more: any[]) => {
      left.delete(`${target === window ? "window" : "document"} ${name} ${names.get(listener)}`);
      remove(name, listener, ...more);
    });
  }
  return { listeners: left, timers: () => vi.getTimerCount() };
}

/** The SDK as a page that loads it, once more, finds it. */
export async function load() {
  vi.resetModules();
  return import("../src/mintmark.js");
}

const NAME = Symbol.for("mintmark.sdk.1");
const made: Session[] = [];

/** A session of the page's own. */
export async function create(options: Record<string, unknown> = {}): Promise<Session> {
  const { createSession } = await load();
  const session = createSession({ embedKey: KEY, baseUrl: BASE, ...options });
  made.push(session);
  return session;
}

/** Events of a session, from now on. */
export function listen(session: Session): unknown[] {
  const told: unknown[] = [];
  session.on("ready", () => told.push("ready"));
  session.on("signed-in", ({ customer }) => told.push(["signed-in", customer.id]));
  session.on("signed-out", ({ reason }) => told.push(["signed-out", reason]));
  session.on("session-changed", ({ state }) => told.push(state));
  session.on("token-refreshed", ({ kind }) => told.push(["token-refreshed", kind]));
  session.on("error", ({ code }) => told.push(["error", code]));
  return told;
}

/** A page in which nothing of ours is yet, and whose clocks stand still. */
export function anew(): void {
  delete (globalThis as Record<symbol, unknown>)[NAME];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"], now: Date.UTC(2026, 0, 1, 12) });
  // The longest of the pauses between two attempts.
  vi.spyOn(Math, "random").mockReturnValue(1);
}

/** Nothing of it is left for the next test. */
export function end(): void {
  for (const session of made.splice(0)) session.destroy();
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
}
