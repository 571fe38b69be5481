/** A chat in a page of the tests, and a conversation log as the server keeps it. */

import { vi } from "vitest";
import { page } from "../src/mintmark.js";
import type { MintmarkChat } from "../src/elements/chat.js";
import { Screen, deaf, part, parts, put } from "./elements.js";
import { KEY, anew, end, network, settled } from "./mint.js";

vi.stubGlobal("IntersectionObserver", Screen);
await import("../src/elements/chat.js");

/** A conversation log as the server keeps it, for one conversation after the other. */
export function log() {
  const all: { id: string; from: string; name: string | null; text: string; created_at: string }[][] = [];
  let serial = 0;
  const message = (from: string, said: string, name: string | null = null) => ({ id: `cmsg_${String((serial += 1)).padStart(4, "0")}`, from, name, text: said, created_at: new Date().toISOString() });
  const of = (token: string | undefined) => (token ? all[Number(token.slice("conversation_".length))] : undefined);
  const net = network({
    "POST messages": ({ body, bearer }) => {
      const begun = !body.conversation_token;
      if (begun) all.push([]);
      const thread = begun ? all.at(-1)! : of(body.conversation_token)!;
      const one = message(bearer ? "known" : "anonymous", body.text, bearer ? "Ada Lovelace" : null);
      thread.push(one);
      const token = begun ? { conversation_token: `conversation_${all.length - 1}` } : {};
      return { status: 201, body: { conversation_id: `cnv_${all.indexOf(thread)}`, identity: one.from, message: one, ...token } };
    },
    "GET messages": ({ bearer, url }) => {
      const thread = of(bearer)!;
      const after = thread.findIndex(({ id }) => id === url.searchParams.get("after"));
      const data = thread.slice(after + 1, after + 101);
      return { body: { conversation_id: "cnv_0", status: "open", data, has_more: thread.length > after + 101 } };
    },
  });
  return { ...net, all, answer: (said: string, conversation = 0) => void all[conversation]!.push(message("team", said)), posts: () => net.asked.filter(({ name }) => name === "POST messages") };
}

export async function chat(attributes: Record<string, string> = {}): Promise<MintmarkChat> {
  const element = put("mintmark-chat", {}, { "embed-key": KEY, ...attributes });
  await settled();
  return element;
}

export const field = (element: MintmarkChat) => part<HTMLTextAreaElement>(element, "input");
export const texts = (element: MintmarkChat) => parts(element, "text").map((one) => one.textContent);

export function press(element: HTMLElement, key: string, more: KeyboardEventInit & { keyCode?: number } = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more });
  element.dispatchEvent(event);
  return event;
}

export function type(element: MintmarkChat, said: string): void {
  field(element).value = said;
  field(element).dispatchEvent(new Event("input", { bubbles: true }));
}

export async function write(element: MintmarkChat, said: string): Promise<void> {
  type(element, said);
  press(field(element), "Enter");
  await settled();
}

export function before(): void {
  anew();
  vi.stubGlobal("IntersectionObserver", Screen);
  // The page whose sessions the element joins is the one that it was loaded with.
  (globalThis as Record<symbol, unknown>)[Symbol.for("mintmark.sdk.1")] = page;
}

export function after(): void {
  const session = document.querySelector<MintmarkChat>("mintmark-chat")?.session;
  deaf();
  document.body.replaceChildren();
  session?.destroy();
  end();
}
