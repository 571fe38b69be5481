/** Elements in a page of the tests. */

import { vi } from "vitest";
import { BASE } from "./mint.js";

/** What a browser has and the tests' page has not: who is on the screen, as the test says. */
export class Screen {
  static all: Screen[] = [];
  readonly #tell: (seen: { isIntersecting: boolean }[]) => void;
  constructor(tell: (seen: { isIntersecting: boolean }[]) => void) {
    this.#tell = tell;
    Screen.all.push(this);
  }
  observe(): void {}
  disconnect(): void {
    Screen.all = Screen.all.filter((one) => one !== this);
  }
  static shows(isIntersecting: boolean): void {
    for (const one of Screen.all) one.#tell([{ isIntersecting }]);
  }
}

/** Makes one and puts it into the page. */
export function put<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, said: Partial<HTMLElementTagNameMap[Tag]> & Record<string, unknown> = {}, attributes: Record<string, string> = {}): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ "base-url": BASE, lang: "en", ...attributes })) element.setAttribute(name, value);
  Object.assign(element, said);
  document.body.append(element);
  return element;
}

/** What people can read of it. */
export const text = (element: HTMLElement) => (element.shadowRoot!.querySelector("[part=root]")?.textContent ?? "").replace(/\s+/g, " ").trim();

export const part = <E extends HTMLElement>(element: HTMLElement, name: string) => element.shadowRoot!.querySelector<E>(`[part~="${name}"]`)!;
export const parts = (element: HTMLElement, name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
export const button = (element: HTMLElement, label: string) =>
  [...element.shadowRoot!.querySelectorAll("button")].find((one) => (one.textContent || one.ariaLabel || one.getAttribute("aria-label"))?.trim() === label)!;

/** Events of ours that the page hears. */
export function hear(): [string, unknown][] {
  const told: [string, unknown][] = [];
  for (const name of ["load", "error", "expired", "revoked", "message-sent", "message-received"]) {
    const listener = ({ detail }: Event & { detail?: unknown }) => told.push([name, detail]);
    document.addEventListener(`mintmark-${name}`, listener);
    cleanups.push(() => document.removeEventListener(`mintmark-${name}`, listener));
  }
  return told;
}
const cleanups: (() => void)[] = [];
export const deaf = () => cleanups.splice(0).forEach((end) => end());

/** The page is looked at again, or no more. */
export function look(state: "visible" | "hidden" = "visible"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}
