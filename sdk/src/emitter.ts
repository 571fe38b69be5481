/** Events with types, for listeners that may leave again. */

/** What ends a subscription; calling it twice does no harm. */
export type Unsubscribe = () => void;

/** Events by name, each with what its listeners are told. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(detail: never) => void>>();

  /** Calls `listener` at every event of that name. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): Unsubscribe {
    let all = this.#listeners.get(name);
    if (!all) this.#listeners.set(name, (all = new Set()));
    // The same function twice is two subscriptions.
    const own = (detail: never) => listener(detail as Events[Name]);
    all.add(own);
    return () => void all.delete(own);
  }

  /** Tells everybody. A listener that throws is the page's own mistake: it is reported as such and disturbs nobody else. */
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(detail as never);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Forgets all listeners. */
  clear(): void {
    this.#listeners.clear();
  }
}
