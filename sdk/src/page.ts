/** The one place of a page that knows its sessions, however many scripts and elements ask for them. */

import { MintmarkError } from "./errors.js";
import { base, safe } from "./place.js";
import { takeLink } from "./session/link.js";
import type { SessionOptions } from "./session/events.js";
import { Session } from "./session/session.js";

/** Told the session of its key, now and whenever another takes its place. */
type Watcher = (session: Session | null) => void;

interface Entry {
  session: Session | null;
  /** Whether the page made it by hand: then it lives until the page destroys it. */
  own: boolean;
  readonly watchers: Set<Watcher>;
}

/** The sessions of a page, by Mintmark's address and embed key. */
export class Page {
  readonly #entries = new Map<string, Entry>();
  #link = takeLink();

  /** A session of the page's own; the one that there is, if elements were faster. */
  create(options: SessionOptions): Session {
    const entry = this.#entry(options);
    entry.own = true;
    const session = this.#session(entry, options);
    session.wake();
    return session;
  }

  /** For an element, from its connection to its end. Answers what ends that. */
  join(options: SessionOptions, watcher: Watcher): () => void {
    const entry = this.#entry(options);
    const session = this.#session(entry, options);
    entry.watchers.add(watcher);
    session.wake();
    watcher(session);
    return () => {
      entry.watchers.delete(watcher);
      // One that moves to another place of the page leaves and comes at once.
      queueMicrotask(() => {
        if (entry.watchers.size === 0 && !entry.own) entry.session?.rest();
      });
    };
  }

  #entry(options: SessionOptions): Entry {
    const { embedKey } = options;
    safe(embedKey);
    if (!/^pk_(live|test)_[0-9a-f]{24}$/.test(embedKey ?? "")) {
      throw new MintmarkError("invalid_option", "embedKey is none: pk_live_... or pk_test_..., from Embed Studio.");
    }
    const name = `${base(options.baseUrl)} ${embedKey}`;
    let entry = this.#entries.get(name);
    if (!entry) this.#entries.set(name, (entry = { session: null, own: false, watchers: new Set() }));
    return entry;
  }

  #session(entry: Entry, options: SessionOptions): Session {
    if (entry.session) {
      entry.session.offer(options);
      return entry.session;
    }
    const link = this.#link;
    this.#link = null;
    const session = new Session(base(options.baseUrl), options, link, () => {
      entry.session = null;
      entry.own = false;
      for (const watcher of entry.watchers) watcher(null);
    });
    entry.session = session;
    for (const watcher of entry.watchers) watcher(session);
    return session;
  }
}

const NAME = Symbol.for("mintmark.sdk.1");
const everywhere = globalThis as { [NAME]?: Page };

/** A page may load this script twice, from the alias and from a version, or as a module and as a classic script: its sessions are one. */
export const page: Page = (everywhere[NAME] ??= new Page());
