/** `<mintmark-token-session>`: what a widget token may do, and how it ends. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { button, deaf, hear, look, part, parts, put, text } from "./elements.js";
import { MINUTE, anew, end, jwt, later, network, pass, probe, refused, settled } from "./mint.js";

const widget = (minutes = 30, more = {}) => jwt(minutes, { kind: "widget" }, more);
const facts = (more = {}) => ({
  body: { id: "wtok_1", organization_id: "org_1", scope: ["sso_connection", "directory_sync"], origins: [location.origin, "https://app.example"], expires_at: "2026-01-01T12:30:00Z", ...more },
});
const alive = (more = {}) => ({ "GET widget/session": () => facts(more), "GET widget/organization": () => ({ body: { id: "org_1", name: "Globex", origins: [] } }) });

beforeEach(async () => {
  anew();
  await import("../src/elements/token-session.js");
});
afterEach(() => {
  deaf();
  end();
});

describe("a token", () => {
  test("is awaited with a sign of loading, and asks nothing before it is there", async () => {
    const net = network(alive());
    const element = put("mintmark-token-session");
    await settled();
    expect(part(element, "loading").getAttribute("aria-label")).toBe("Loading …");
    element.token = widget();
    await settled();
    expect(text(element)).toContain("Globex");
    expect(net.names()).toEqual(["GET widget/session", "GET widget/organization"]);
  });

  test("says whose it is, what it may do, from where and until when", async () => {
    const told = hear();
    const net = network(alive());
    const token = widget();
    const element = put("mintmark-token-session", { token });
    await settled();
    expect(parts(element, "scopes")[0]!.innerText.split("\n").join(" ")).toContain("Set up single sign-on");
    expect(text(element)).toContain("Set up directory sync");
    expect(text(element)).toContain(`${location.origin} (this page)`);
    expect(text(element)).toContain("https://app.example");
    expect(part(element, "until").getAttribute("datetime")).toBe("2026-01-01T12:30:00Z");
    expect(part(element, "until").textContent).toContain("in 30 minutes");
    expect(told).toEqual([["load", { scope: ["sso_connection", "directory_sync"] }]]);
    expect(net.asked.every(({ bearer }) => bearer === token)).toBe(true);
    expect(element.outerHTML).not.toContain(token);
  });

  test("may stand in the document, and speaks German where the page does", async () => {
    network(alive({ scope: ["directory_sync", "users_table", "constructor", "about"] }));
    const element = put("mintmark-token-session", {}, { lang: "de", token: widget() });
    await settled();
    expect(text(element)).toContain("Verzeichnisabgleich einrichten");
    expect(text(element)).toContain("in 30 Minuten");
    expect(parts(element, "scopes")[0]!.querySelectorAll("code")).toHaveLength(3);
  });

  test("counts the minutes, and draws once for each", async () => {
    const net = network(alive());
    const element = put("mintmark-token-session", { token: widget() });
    await settled();
    const shown = [];
    for (let minute = 0; minute < 4; minute++) {
      shown.push(part(element, "until").textContent!.split(", ")[1]);
      expect(vi.getTimerCount()).toBe(1);
      await pass(MINUTE);
    }
    expect(shown).toEqual(["in 30 minutes", "in 29 minutes", "in 28 minutes", "in 27 minutes"]);
    await pass(25 * MINUTE + 30_000);
    expect(part(element, "until").textContent).toContain("in less than a minute");
    expect(net.count("GET widget/session")).toBe(1);
  });

  test("that is over is asked about, and said to have expired, once", async () => {
    const told = hear();
    const net = network(alive());
    const element = put("mintmark-token-session", { token: widget() });
    await settled();
    net.answers["GET widget/session"] = net.answers["GET widget/organization"] = () => refused(401, "widget_token_expired");
    await pass(30 * MINUTE + 1_000);
    expect(text(element)).toContain("This access has expired.");
    expect(part(element, "ended").getAttribute("role")).toBe("alert");
    look();
    look();
    await settled();
    expect(told.slice(1)).toEqual([["expired", {}]]);
    expect([net.count("GET widget/session"), vi.getTimerCount()]).toEqual([2, 0]);
  });

  test("of a computer whose clock is ahead is not over before the server says so", async () => {
    const net = network(alive());
    const element = put("mintmark-token-session", { token: widget(30, { skew: -14 * MINUTE }) });
    await settled();
    await pass(15 * MINUTE);
    expect(text(element)).toContain("Globex");
    expect(net.count("GET widget/session")).toBeLessThan(12);
    net.answers["GET widget/session"] = () => refused(401, "widget_token_expired");
    await pass(2 * MINUTE);
    expect(text(element)).toContain("This access has expired.");
  });

  test("that somebody revoked is seen when the page is looked at again, by the button, and when the page asks", async () => {
    const told = hear();
    const net = network(alive());
    const ways: [string, (element: ReturnType<typeof put<"mintmark-token-session">>) => void][] = [
      ["looked at", () => look()],
      ["button", (element) => button(element, "Check again").click()],
      ["page", (element) => void element.refresh()],
    ];
    for (const [way, ask] of ways) {
      Object.assign(net.answers, alive());
      const element = put("mintmark-token-session", { token: widget() });
      await settled();
      expect([way, text(element).includes("Globex")]).toEqual([way, true]);
      net.answers["GET widget/session"] = () => refused(401, "widget_token_revoked");
      ask(element);
      await settled();
      expect([way, text(element).includes("This access was revoked.")]).toEqual([way, true]);
      expect(text(element)).not.toContain("Globex");
      element.remove();
    }
    expect(told.map(([name]) => name)).toEqual(["load", "revoked", "load", "revoked", "load", "revoked"]);
  });

  test("that fails for a moment while nobody asked leaves what is shown", async () => {
    const net = network(alive());
    const told = hear();
    const element = put("mintmark-token-session", { token: widget() });
    await settled();
    net.answers["GET widget/session"] = () => "nothing";
    look();
    await settled();
    expect([text(element).includes("Globex"), told.length]).toEqual([true, 1]);
    await element.refresh();
    await settled();
    expect(text(element)).toContain("There is no connection.");
    expect(told[1]).toEqual(["error", { code: "network" }]);
    Object.assign(net.answers, alive());
    button(element, "Check again").click();
    await settled();
    expect(text(element)).toContain("Globex");
  });

  for (const [code, status, words] of [
    ["widget_origin_mismatch", 403, `The page’s origin is ${location.origin}.`],
    ["widget_token_required", 403, "a widget token is needed here"],
    ["invalid_token", 401, "This token is not valid."],
    ["unavailable", 503, "There is no connection."],
    ["rate_limited", 429, "Too many requests."],
  ] as const) {
    test(`that is refused with ${code} says what that means`, async () => {
      const told = hear();
      network({ ...alive(), "GET widget/session": () => refused(status, code) });
      const element = put("mintmark-token-session", { token: widget() });
      await settled();
      expect(text(element)).toContain(words);
      expect(text(element)).toContain(code);
      expect(told).toEqual([["error", { code }]]);
    });
  }

  test("that is a secret of a backend, or beside one, is refused before anything is sent", async () => {
    const net = network(alive());
    for (const [said, attributes] of [[{ token: "sk_live_x" }, {}], [{ getToken: () => "vs_x" }, {}]] as const) {
      const element = put("mintmark-token-session", said, attributes);
      await settled();
      expect(text(element)).toContain("secret_key_in_page");
    }
    expect(net.asked).toEqual([]);
  });

  test("that took the place of another is the one that counts: a late answer to the first changes nothing", async () => {
    const told = hear();
    const slow = later<any>();
    const [first, second] = [widget(), widget()];
    network({ ...alive(), "GET widget/session": ({ bearer }) => (bearer === first ? slow.promise : facts({ scope: ["directory_sync"] })) });
    const element = put("mintmark-token-session", { token: first });
    await settled();
    element.token = second;
    await settled();
    slow.settle(refused(401, "widget_token_revoked"));
    await settled();
    expect(text(element)).toContain("Globex");
    expect(told).toEqual([["load", { scope: ["directory_sync"] }]]);
  });
});

describe("a page that fetches its tokens", () => {
  test("is asked when there is none, and the token stays out of the document", async () => {
    network(alive());
    const token = widget();
    const element = put("mintmark-token-session", { getToken: async () => token });
    await settled();
    expect(text(element)).toContain("Globex");
    expect([element.outerHTML.includes(token), element.token]).toEqual([false, null]);
  });

  test("that has none says so, and can be asked again", async () => {
    network(alive());
    let token: string | null = null;
    const element = put("mintmark-token-session", { getToken: () => token });
    await settled();
    expect(text(element)).toContain("There is no access for you here.");
    token = widget();
    button(element, "Check again").click();
    await settled();
    expect(text(element)).toContain("Globex");
  });

  for (const code of ["widget_token_expired", "widget_token_revoked"]) {
    test(`is asked once for another when one is refused with ${code}`, async () => {
      const told = hear();
      const [first, second] = [widget(), widget()];
      let good = first;
      const net = network({ ...alive(), "GET widget/session": ({ bearer }) => (bearer === good ? facts() : refused(401, code)) });
      const getToken = vi.fn(() => second);
      const element = put("mintmark-token-session", { token: first, getToken });
      await settled();
      good = second;
      look();
      await settled();
      expect([text(element).includes("Globex"), getToken.mock.calls.length]).toEqual([true, 1]);
      good = "neither";
      await element.refresh();
      await settled();
      expect(text(element)).toContain(code === "widget_token_expired" ? "This access has expired." : "This access was revoked.");
      expect(getToken).toHaveBeenCalledTimes(2);
      expect(net.count("GET widget/session"), "the same token is not tried twice").toBe(4);
      expect(told.map(([name]) => name)).toEqual(["load", code === "widget_token_expired" ? "expired" : "revoked"]);
    });
  }

  test("whose fetcher fails says so", async () => {
    const told = hear();
    network(alive());
    const element = put("mintmark-token-session", {
      getToken: () => {
        throw new Error("the backend is down");
      },
    });
    await settled();
    expect(text(element)).toContain("fetcher_failed");
    expect(told).toEqual([["error", { code: "fetcher_failed" }]]);
  });
});

test("an element that leaves the page leaves no timer, listener or request, and comes back by itself", async () => {
  const { listeners, timers } = probe();
  const net = network(alive());
  const element = put("mintmark-token-session", { token: widget() });
  await settled();
  expect([timers(), listeners.size > 0]).toEqual([1, true]);
  element.remove();
  expect([timers(), [...listeners]]).toEqual([0, []]);
  net.answers["GET widget/session"] = () => later<any>().promise;
  document.body.append(element);
  await settled();
  element.remove();
  await settled();
  expect([timers(), [...listeners]]).toEqual([0, []]);
  expect(net.fetch.mock.calls.at(-2)![1]!.signal!.aborted).toBe(true);
  Object.assign(net.answers, alive());
  document.body.append(element);
  await settled();
  expect(text(element)).toContain("Globex");
});

test("what a page set before the browser knew the element counts", async () => {
  network(alive());
  const early = document.createElement("mintmark-late") as HTMLElement & { token?: string };
  early.token = widget();
  early.setAttribute("base-url", "https://mint.example");
  document.body.append(early);
  const { MintmarkTokenSession } = await import("../src/elements/token-session.js");
  customElements.define("mintmark-late", class extends MintmarkTokenSession {});
  customElements.upgrade?.(document.body);
  await settled();
  const now = document.querySelector<HTMLElement>("mintmark-late")!;
  expect(text(now)).toContain("Globex");
  expect(Object.hasOwn(now, "token")).toBe(false);
});
