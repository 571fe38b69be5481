/** A question to a page of Mintmark's own, in a window or a frame: only its answer to this very question is heard. */

/** What such a page says. */
export interface Said {
  readonly type?: string;
  readonly state?: string;
}

/**
 * Asks the page at `/popup/<path>`. `open` opens its address and answers how to reach it; `hear` is told each of its words, with a way to
 * reply. Answers what ends the listening.
 */
export function question<Words extends Said>(
  base: string,
  embedKey: string,
  path: string,
  open: (address: string) => () => Window | null,
  hear: (said: Words, reply: (words: object) => void) => void,
): () => void {
  const [mintmark, state] = [new URL(base).origin, crypto.randomUUID()];
  const other = open(`${base}/popup/${path}?${new URLSearchParams({ key: embedKey, origin: location.origin, state })}`);
  const listen = ({ origin, source, data }: MessageEvent<Words | null>) => {
    // From Mintmark, from this very window, and in answer to this very question.
    if (origin !== mintmark || source !== other() || data?.state !== state) return;
    hear(data, (words) => other()?.postMessage({ ...words, state }, mintmark));
  };
  addEventListener("message", listen);
  return () => removeEventListener("message", listen);
}
