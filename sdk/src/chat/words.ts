/** What `<mintmark-chat>` says. */

import type { Words } from "../element/words.js";

/** Names of its words. */
export type Name =
  | "chat" | "label" | "send" | "you" | "team" | "close" | "unread" | "empty" | "sending" | "left" | "unsent" | "failed" | "nameless"
  | "not_found" | "conversation_taken" | "conversation_full";

/** The words. */
export const WORDS: Words<Name> = {
  en: {
    chat: "Chat with {name}",
    label: "Message",
    send: "Send",
    you: "You",
    team: "Team",
    close: "Close",
    unread: "New messages: {count}",
    empty: "Write to {name}.",
    sending: "Sending …",
    left: "Characters left: {count}",
    unsent: "Not sent.",
    failed: "That did not work.",
    nameless: "Send without name",
    not_found: "This conversation has ended. Your next message begins a new one.",
    conversation_taken: "This conversation was somebody else’s. Your next message begins a new one.",
    conversation_full: "This conversation is full. Your next message begins a new one.",
  },
  de: {
    chat: "Chat mit {name}",
    label: "Nachricht",
    send: "Senden",
    you: "Du",
    team: "Team",
    close: "Schließen",
    unread: "Neue Nachrichten: {count}",
    empty: "Schreib an {name}.",
    sending: "Wird gesendet …",
    left: "Zeichen übrig: {count}",
    unsent: "Nicht gesendet.",
    failed: "Das hat nicht geklappt.",
    nameless: "Ohne Namen senden",
    not_found: "Dieses Gespräch ist beendet. Deine nächste Nachricht beginnt ein neues.",
    conversation_taken: "Dieses Gespräch war das einer anderen Person. Deine nächste Nachricht beginnt ein neues.",
    conversation_full: "Dieses Gespräch ist voll. Deine nächste Nachricht beginnt ein neues.",
  },
};
