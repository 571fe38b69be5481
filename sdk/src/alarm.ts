/** A timer that a sleeping computer, a frozen tab and a moved clock do not hold up. */

/** Timers of hours are not kept by every browser while a tab sleeps: we look at the clocks at least this often, in milliseconds. */
const STEP = 60_000;

/** When a page is back, whatever it was away for. */
const WAKE: readonly [EventTarget, string][] =
  typeof window === "undefined" ? [] : [[document, "visibilitychange"], [window, "pageshow"], [window, "online"], [window, "focus"]];

/** Rings once, when its time has gone by on the wall's clock or on the one that only counts, whichever is first. */
export class Alarm {
  #stop: (() => void) | null = null;

  /** Rings `after` milliseconds from now; what was set before is forgotten. */
  set(after: number, ring: () => void): void {
    this.clear();
    const [wall, counter] = [Date.now(), performance.now()];
    let timer = 0;
    const look = () => {
      const left = after - Math.max(Date.now() - wall, performance.now() - counter);
      clearTimeout(timer);
      if (left > 0) {
        timer = setTimeout(look, Math.min(Math.ceil(left), STEP)) as unknown as number;
        return;
      }
      this.clear();
      ring();
    };
    this.#stop = () => {
      clearTimeout(timer);
      for (const [target, event] of WAKE) target.removeEventListener(event, look);
    };
    for (const [target, event] of WAKE) target.addEventListener(event, look);
    timer = setTimeout(look, Math.min(Math.max(after, 0), STEP)) as unknown as number;
  }

  /** Never rings, and leaves neither timer nor listener. */
  clear(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
