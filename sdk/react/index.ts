"use client";
/** Mintmark's elements as React components, for React 18 and 19: typed props and events, rendered on servers as plain tags. */

import type { MintmarkChat } from "../src/elements/chat.js";
import type { MintmarkPricing } from "../src/elements/pricing.js";
import type { MintmarkSignIn } from "../src/elements/sign-in.js";
import type { MintmarkTokenSession } from "../src/elements/token-session.js";
import type { MintmarkUserButton } from "../src/elements/user-button.js";
import type { Appearance, BridgeTokenFetcher, SessionEvents } from "../src/mintmark.js";
import { component } from "./component.js";

/** Hears an event of an element. */
export type Hears<Detail = Record<string, never>> = (event: CustomEvent<Detail>) => void;

/** A failure by its code: one of the server's, or one of the SDK's. */
export interface Failure {
  readonly code: string;
}

/** What every component takes. */
export interface ElementProps {
  /** Which product: `pk_live_...` or `pk_test_...`. */
  embedKey?: string;
  /** What your backend vouches for the visitor with. It is never rendered into the page's HTML. */
  bridgeToken?: string | null;
  /** Fetches one whenever the session has to begin anew. A new function at each render is fine. */
  getBridgeToken?: BridgeTokenFetcher;
  theme?: "auto" | "light" | "dark";
  lang?: "en" | "de";
  /** Where Mintmark is, such as `https://mint.example`. */
  baseUrl: string;
  /** Looks instead of the product's. */
  appearance?: Appearance | null;
}

const attributes = { embedKey: "embed-key", theme: "theme", lang: "lang", baseUrl: "base-url" } as const;
const properties = ["bridgeToken", "appearance"] as const;
const fetchers = ["getBridgeToken"] as const;

/** Props of `Pricing`. */
export interface PricingProps extends ElementProps {
  /** Each offering has a button, also one that leads nowhere. */
  selectable?: boolean;
  onLoad?: Hears<{ readonly count: number }>;
  onError?: Hears<Failure>;
  /** An offering was chosen; `event.preventDefault()` stays on the page. */
  onSelect?: Hears<{ readonly offering: string }>;
}

/** The published offerings of a product: `<mintmark-pricing>`. */
export const Pricing = component<MintmarkPricing, PricingProps>({
  tag: "mintmark-pricing",
  load: () => import("../src/elements/pricing.js"),
  attributes: { ...attributes, selectable: "selectable" },
  properties,
  fetchers,
  events: { onLoad: "mintmark-load", onError: "mintmark-error", onSelect: "mintmark-select" },
});

/** What elements say of whoever signs in and out. */
export interface SignInEvents {
  onSignedIn?: Hears;
  onSignedOut?: Hears<Pick<SessionEvents["signed-out"], "reason">>;
  onError?: Hears<Failure>;
}

const signInEvents = { onSignedIn: "mintmark-signed-in", onSignedOut: "mintmark-signed-out", onError: "mintmark-error" } as const;

/** Props of `SignIn`. */
export interface SignInProps extends ElementProps, SignInEvents {
  /** One of the two; else all that the product has. */
  method?: "link" | "window";
  onLinkRequested?: Hears;
}

/** Signs a visitor in, by mail or in Mintmark's window: `<mintmark-sign-in>`. */
export const SignIn = component<MintmarkSignIn, SignInProps>({
  tag: "mintmark-sign-in",
  load: () => import("../src/elements/sign-in.js"),
  attributes: { ...attributes, method: "method" },
  properties,
  fetchers,
  events: { ...signInEvents, onLinkRequested: "mintmark-link-requested" },
});

/** Props of `UserButton`. */
export interface UserButtonProps extends ElementProps, SignInEvents {
  /** Where the page's own sign-in is. */
  signInUrl?: string;
}

/** Who is signed in, and the way out: `<mintmark-user-button>`. */
export const UserButton = component<MintmarkUserButton, UserButtonProps>({
  tag: "mintmark-user-button",
  load: () => import("../src/elements/user-button.js"),
  attributes: { ...attributes, signInUrl: "sign-in-url" },
  properties,
  fetchers,
  events: signInEvents,
});

/** Props of `TokenSession`. */
export interface TokenSessionProps extends ElementProps {
  /** The widget token. It is never rendered into the page's HTML. */
  token?: string | null;
  /** Fetches another when the token has ended. */
  getToken?: () => string | null | undefined | Promise<string | null | undefined>;
  onLoad?: Hears<{ readonly scope: readonly string[] }>;
  onError?: Hears<Failure>;
  onExpired?: Hears;
  onRevoked?: Hears;
}

/** What a widget token may do: `<mintmark-token-session>`. */
export const TokenSession = component<MintmarkTokenSession, TokenSessionProps>({
  tag: "mintmark-token-session",
  load: () => import("../src/elements/token-session.js"),
  attributes,
  properties: [...properties, "token"],
  fetchers: [...fetchers, "getToken"],
  events: { onLoad: "mintmark-load", onError: "mintmark-error", onExpired: "mintmark-expired", onRevoked: "mintmark-revoked" },
});

/** Props of `Chat`. */
export interface ChatProps extends ElementProps {
  /** What is said before anybody wrote. */
  greeting?: string;
  /** A round button in the corner of the page opens it. */
  launcher?: boolean;
  /** With `launcher`: whether it is open at first, and whenever this changes. */
  open?: boolean;
  onMessageSent?: Hears<{ readonly conversation: string }>;
  onMessageReceived?: Hears<{ readonly count: number }>;
  onError?: Hears<Failure>;
}

/** A conversation with a product's team: `<mintmark-chat>`. */
export const Chat = component<MintmarkChat, ChatProps>({
  tag: "mintmark-chat",
  load: () => import("../src/elements/chat.js"),
  attributes: { ...attributes, greeting: "greeting", launcher: "launcher", open: "open" },
  properties,
  fetchers,
  events: { onMessageSent: "mintmark-message-sent", onMessageReceived: "mintmark-message-received", onError: "mintmark-error" },
});
