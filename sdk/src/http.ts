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
  const late = AbortSignal.timeout(DEADLINE);
  try {
    const answer = await fetch(url, {
      method,
      headers,
      credentials: "omit",
      referrerPolicy: "strict-origin",
      // Whoever signs out and leaves is signed out.
      keepalive: method === "DELETE",
      signal: signal ? AbortSignal.any([signal, late]) : late,
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) return said as Answer;
    if (typeof said?.code !== "string") throw new MintmarkError("bad_answer", `Mintmark answered ${answer.status} without a reason.`, { status: answer.status });
    const wait = Number(answer.headers.get("retry-after") ?? said.retry_after) || undefined;
    throw new MintmarkError(said.code, String(said.message), { status: answer.status, requestId: said.request_id, field: said.field, retryAfter: wait });
  } catch (error) {
    if (signal?.aborted) throw new MintmarkError("destroyed", "Nobody waits for this any more.", { cause: error });
    throw asError(error);
  }
}

/** What a fetcher of the page answers, in time: one that hangs would hold up everything. */
export async function fetched<Answer>(fetcher: () => Answer | Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([fetcher(), new Promise<never>((_, refuse) => (timer = setTimeout(refuse, DEADLINE, "late")))]);
  } catch (cause) {
    throw new MintmarkError("fetcher_failed", "The page's token fetcher failed.", { status: 503, cause });
  } finally {
    clearTimeout(timer);
  }
}

/** How long to wait after so many failures, in milliseconds: longer each time, unevenly, and no less than the server wants. */
export const pause = (failures: number, { retryAfter = 0 }: MintmarkError, first: number, most: number): number =>
  Math.max(retryAfter * 1_000, Math.min(first * 2 ** failures, most) * (0.5 + Math.random() / 2));

/**
 * Tries again while the failure is a passing one and `until` (milliseconds since the epoch) is not over, in growing, uneven steps. What
 * any of the signals ends is not tried again.
 */
export async function persist<Answer>(attempt: () => Promise<Answer>, until: number, ...signals: AbortSignal[]): Promise<Answer> {
  const signal = AbortSignal.any(signals);
  for (let round = 0; ; round++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = asError(thrown);
      const time = pause(round, error, 500, LONGEST_PAUSE);
      if (!error.passing || signal.aborted || Date.now() + time > until) throw error;
      await nap(time, signal);
      if (signal.aborted) throw error;
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
