/** What lets a reload find a customer signed in, where the product wants that: a hidden frame of Mintmark's origin. */

import type { StartedSession } from "../types.js";

/** Speaks with the frame; nothing of it is there before it is needed. */
export class Keeper {
  constructor(_base: string, _embedKey: string) {}
  async keep(_token: string): Promise<void> {}
  async restore(_turn: AbortSignal): Promise<StartedSession | null> {
    return null;
  }
  async forget(): Promise<void> {}
  destroy(): void {}
}
