/** Words in the languages that elements speak. */

/** The languages. */
export type Language = "en" | "de";

/** Texts by name, one set a language; `{name}` is filled in. */
export type Words<Name extends string> = Record<Language, Record<Name, string>>;

/** What every element may have to say. */
export const COMMON = {
  en: {
    loading: "Loading …",
    retry: "Try again",
    network: "There is no connection.",
    busy: "Too many requests. Wait a moment.",
    not_here: "This page may not show this.",
    failed: "This did not load.",
    expired: "Your session has expired.",
    revoked: "Your session was ended.",
    banned: "You have no access.",
  },
  de: {
    loading: "Wird geladen …",
    retry: "Erneut versuchen",
    network: "Keine Verbindung.",
    busy: "Zu viele Anfragen. Bitte einen Moment warten.",
    not_here: "Diese Seite darf das nicht anzeigen.",
    failed: "Das konnte nicht geladen werden.",
    expired: "Deine Sitzung ist abgelaufen.",
    revoked: "Deine Sitzung wurde beendet.",
    banned: "Du hast keinen Zugang.",
  },
} satisfies Words<string>;

/** Names of common words. */
export type Common = keyof (typeof COMMON)["en"];

/** The language of an element: its own `lang` or that of what it stands in, else the visitor's, else English. */
export function languageOf(element: Element): Language {
  for (let at: Element | undefined = element; at; at = (at.getRootNode() as Partial<ShadowRoot>).host) {
    const said = at.closest("[lang]");
    if (said) return known(said.getAttribute("lang"));
  }
  return known(navigator.language);
}

const known = (tag: string | null): Language => (/^de\b/i.test(tag ?? "") ? "de" : "en");

/** Fills `{name}` in. */
export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
