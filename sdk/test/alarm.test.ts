/** A timer that looks at two clocks. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Alarm } from "../src/alarm.js";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

test("what is left of a millisecond is waited for, not looked for again and again", async () => {
  const ring = vi.fn();
  new Alarm().set(100.4, ring);
  const set = vi.spyOn(globalThis, "setTimeout");
  await vi.advanceTimersByTimeAsync(150);
  expect([ring.mock.calls.length, set.mock.calls.length < 5]).toEqual([1, true]);
});
