/** One person's conversation with a product: what was said, what is on its way, and when to ask for answers. In memory, and nowhere else. */

import { Alarm, MintmarkError, type Session, ask } from "../mintmark.js";
import type { Name } from "./words.js";

/** How often answers are asked for while somebody looks, and while nobody does, in milliseconds. */
const [SOON, SELDOM] = [5_000, 60_000];

/** Refusals after which a conversation takes no more; there are words for each. */
const OVER: readonly string[] = ["not_found", "conversation_taken", "conversation_full"];

/** A message as the server keeps it. */
export interface Kept {
  readonly id: string;
  readonly from: "known" | "anonymous" | "expired" | "team";
  readonly name: string | null;
  readonly text: string;
  readonly created_at: string;
}

/** What `POST /embed/v1/messages` answers. */
interface Said {
  readonly conversation_id: string;
  readonly identity: Kept["from"];
  readonly message: Kept;
  readonly conversation_token?: string;
}

/** A line of the log: a message, kept or on its way, or a note of ours. */
export interface Line {
  readonly text: string;
  readonly note?: Name;
  kept?: Kept;
  /** Why it was not sent. */
  error?: MintmarkError | undefined;
  /** What shows it, and how it was drawn last. */
  node?: HTMLElement;
  drawn?: string;
}

/** Told that something changed, and of which event pages are to hear. */
type Tell = (event?: string, detail?: Record<string, unknown>) => void;

/** A conversation; whoever shows it wakes it, and lets it rest. */
export class Talk {
  readonly session: Session;
  /** Why there is no news. */
  trouble: MintmarkError | null = null;
  readonly #tell: Tell;
  readonly #alarm = new Alarm();
  #who: string | undefined;
  /** The secret that continues it, and the last message that was read. */
  #token: string | undefined;
  #last = "";
  /** What was read, in the server's order, and what was written since. */
  #read: Line[] = [];
  #own: Line[] = [];
  #turn = new AbortController();
  #sending = false;
  #reading = false;
  #looked = true;
  #asked = 0;
  #pause = 0;

  constructor(session: Session, tell: Tell) {
    this.session = session;
    this.#tell = tell;
    this.isFor();
  }

  /** The log. */
  get lines(): readonly Line[] {
    return [...this.#read, ...this.#own];
  }

  /** Neither timer nor request is left. What was on its way may have arrived: reading will tell. */
  rest(): void {
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#sending = this.#reading = false;
    this.#alarm.clear();
    this.#fail(new MintmarkError("network", "Nobody waited."));
  }

  /** Whether it is still for whoever is here: nobody signed out where a session ended by itself or was revoked. */
  isFor(): boolean {
    const { visitor, state } = this.session;
    if (!visitor && state !== "anonymous" && state !== "destroyed") return true;
    const same = !this.#who || this.#who === visitor;
    this.#who = visitor;
    return same;
  }

  /** Sends it, after what waits already. */
  send(text: string): void {
    this.#own.push({ text });
    void this.#deliver();
  }

  /** Sends again what was not sent, if need be in nobody's name. */
  again(nameless: boolean): void {
    for (const line of this.#own) line.error = undefined;
    void this.#deliver(nameless);
  }

  /** Asks for answers at their time: often while somebody looks. */
  wait(looked = this.#looked): void {
    this.#looked = looked;
    if (!this.#token) return this.#alarm.clear();
    this.#alarm.set(this.#asked + Math.max(looked ? SOON : SELDOM, this.#pause) - performance.now(), () => void this.#look());
  }

  /** One after the other; where one fails, all behind it wait for who reads why. */
  async #deliver(nameless = false): Promise<void> {
    this.#tell();
    if (this.#sending) return;
    this.#sending = true;
    const turn = this.#turn.signal;
    for (let line; (line = this.#own.find(({ kept, error }) => !kept && !error)); ) {
      try {
        const url = this.session.url("messages");
        const call = { method: "POST" as const, body: { text: line.text, conversation_token: this.#token }, signal: turn };
        const said = await (nameless ? ask<Said>(url, call) : this.session.call<Said>(url, call));
        if (turn.aborted) return;
        this.#token = said.conversation_token ?? this.#token;
        line.kept = said.message;
        this.trouble = null;
        this.wait();
        if (said.identity === "expired") void this.session.renewIdentity();
        this.#tell("message-sent", { conversation: said.conversation_id });
      } catch (thrown) {
        if (turn.aborted) return;
        const error = thrown as MintmarkError;
        this.#fail(error);
        if (OVER.includes(error.code)) this.#over(error.code as Name);
        this.#tell("error", { code: error.code });
      }
    }
    this.#sending = false;
  }

  #fail(error: MintmarkError): void {
    for (const line of this.#own) if (!line.kept) line.error ??= error;
  }

  /** The next message begins a new conversation. */
  #over(note: Name): void {
    this.#token = undefined;
    this.#last = "";
    this.#pause = 0;
    this.#alarm.clear();
    // What another wrote is not for whoever sits here now.
    this.#read = note === "conversation_taken" ? [] : [...this.#read, ...this.#own.filter(({ kept }) => kept)];
    this.#own = this.#own.filter(({ kept }) => !kept);
    this.#read.push({ text: "", note });
  }

  async #look(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const [turn, bearer] = [this.#turn.signal, this.#token];
    // It may have ended meanwhile, and another begun.
    const late = () => turn.aborted || bearer !== this.#token;
    try {
      for (let more = true; more && !late(); ) {
        const url = this.session.url("messages", this.#last ? { after: this.#last } : {});
        const { data, has_more } = await ask<{ data: Kept[]; has_more: boolean }>(url, { bearer, signal: turn });
        if (!late()) this.#hear(data);
        more = has_more;
      }
      if (!late()) {
        this.trouble = null;
        this.#pause = 0;
      }
    } catch (thrown) {
      const error = thrown as MintmarkError;
      if (!late()) {
        if (!this.#pause) this.#tell("error", { code: error.code });
        this.#pause = Math.max(Math.min((this.#pause || SOON) * 2, SELDOM), (error.retryAfter ?? 0) * 1_000);
        if (error.status === 404 || error.status === 401) this.#over("not_found");
        else this.trouble = error;
      }
    }
    if (turn.aborted) return;
    this.#reading = false;
    this.#asked = performance.now();
    this.wait();
    this.#tell();
  }

  /** What was written here is among it: known by its id, or, where no answer came to it, by its words. */
  #hear(data: readonly Kept[]): void {
    let count = 0;
    for (const kept of data) {
      this.#last = kept.id;
      const team = kept.from === "team";
      const own = this.#own.find((line) => line.kept?.id === kept.id) ?? this.#own.find((line) => !line.kept && !team && line.text === kept.text);
      this.#own = this.#own.filter((line) => line !== own);
      const line = own ?? { text: kept.text };
      line.kept = kept;
      line.error = undefined;
      this.#read.push(line);
      if (team) count++;
    }
    if (count) this.#tell("message-received", { count });
  }
}
