/** Events with types, for listeners that may leave again. */

/** What ends a subscription; calling it twice does no harm. */
export type Unsubscribe = () => void;

/** Events by name, each with what its listeners are told. A listener that throws is reported as the page's own mistake, and disturbs nobody. */
export class Emitter<Events extends object> {
  #target = new EventTarget();

  /** Calls `listener` at every event of that name; the same function twice is called twice. */
  on<Name extends keyof Events & string>(name: Name, listener: (detail: Events[Name]) => void): Unsubscribe {
    const target = this.#target;
    const own = (event: Event) => listener((event as CustomEvent).detail);
    target.addEventListener(name, own);
    return () => target.removeEventListener(name, own);
  }

  /** Tells everybody. */
  emit<Name extends keyof Events & string>(name: Name, detail: Events[Name]): void {
    this.#target.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Forgets all listeners. */
  clear(): void {
    this.#target = new EventTarget();
  }
}
