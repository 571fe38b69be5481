/** Calls to Mintmark: never with a cookie, each with a deadline, and again where that may help. */

import { MintmarkError, asError } from "./errors.js";

/** For how long an answer may take, in milliseconds. */
const DEADLINE = 15_000;
/** The longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE = 30_000;

/** One call. */
export interface Call {
  method?: "GET" | "POST" | "DELETE";
  /** A token. */
  bearer?: string | null | undefined;
  /** JSON. */
  body?: object | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** Asks once. Answers the JSON, or throws a `MintmarkError` with what the server said. */
export async function ask<Answer>(url: string, { method = "GET", bearer, body, signal }: Call = {}): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (bearer) headers["authorization"] = `Bearer ${bearer}`;
  if (body) headers["content-type"] = "application/json";
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), DEADLINE);
  const stop = () => late.abort();
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    const answer = await fetch(url, {
      method,
      headers,
      credentials: "omit",
      referrerPolicy: "strict-origin",
      // Whoever signs out and leaves is signed out.
      keepalive: method === "DELETE",
      signal: late.signal,
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) return said as Answer;
    if (typeof said?.code !== "string") throw new MintmarkError("bad_answer", `Mintmark answered ${answer.status} without a reason.`, { status: answer.status });
    const wait = Number(answer.headers.get("retry-after") ?? said.retry_after) || undefined;
    throw new MintmarkError(said.code, String(said.message), { status: answer.status, requestId: said.request_id, field: said.field, retryAfter: wait });
  } catch (error) {
    if (signal?.aborted) throw new MintmarkError("destroyed", "The session was destroyed meanwhile.", { cause: error });
    throw asError(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Tries again while the failure is a passing one and `until` (milliseconds since the epoch) is not over, in growing, uneven steps. */
export async function persist<Answer>(attempt: () => Promise<Answer>, until: number, signal: AbortSignal): Promise<Answer> {
  for (let round = 0; ; round++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = asError(thrown);
      const grown = Math.min(500 * 2 ** round, LONGEST_PAUSE);
      const pause = Math.max((error.retryAfter ?? 0) * 1_000, grown / 2 + Math.random() * (grown / 2));
      if (!error.passing || signal.aborted || Date.now() + pause > until) throw error;
      await nap(pause, signal);
    }
  }
}

/** Waits, but no longer than until the network is back, and not at all for who has gone. */
function nap(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const offline = navigator.onLine === false;
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, time);
    if (offline) addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
