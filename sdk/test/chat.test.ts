/** `<mintmark-chat>`: one person's conversation, written and read in somebody's page. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { button, hear, part, parts, text } from "./elements.js";
import { ADA, BASE, CONFIG, GRACE, KEY, MINUTE, jwt, pass, refused, settled, started } from "./mint.js";
import { after, before, chat, field, log, press, texts, type, write } from "./talk.js";

beforeEach(before);
afterEach(after);

describe("a visitor", () => {
  test("sees whom they write to before they do", async () => {
    log();
    const element = await chat();
    expect(text(element)).toContain("Write to Support.");
    expect([part(element, "log").getAttribute("role"), part(element, "panel").ariaLabel]).toEqual(["log", "Chat with Support"]);
    element.greeting = "Hello! Ask us anything.";
    await settled();
    expect(text(element)).toContain("Hello! Ask us anything.");
    await write(element, "Hi");
    expect(text(element), "a greeting stays").toContain("Hello! Ask us anything.");
  });

  test("writes, goes on in the same conversation, and is answered, each message once", async () => {
    const told = hear();
    const server = log();
    const element = await chat();
    await write(element, "  Do you ship\nto Iceland? ");
    expect(field(element).value).toBe("");
    expect(told).toEqual([["message-sent", { conversation: "cnv_0" }]]);
    await write(element, "And when?");
    server.answer("<b>We do.</b>");
    await pass(5_000);
    expect(texts(element)).toEqual(["Do you ship\nto Iceland?", "And when?", "<b>We do.</b>"]);
    expect(part(element, "log").querySelector("b")).toBeNull();
    expect(parts(element, "who").map((one) => one.textContent!.split(/ \d/)[0])).toEqual(["You", "You", "Support"]);
    expect(parts(element, "mine")).toHaveLength(2);
    expect(server.posts().map(({ body, bearer }) => [body.text, body.conversation_token, bearer])).toEqual([
      ["Do you ship\nto Iceland?", undefined, undefined],
      ["And when?", "conversation_0", undefined],
    ]);
    expect(told.slice(1)).toEqual([["message-sent", { conversation: "cnv_0" }], ["message-received", { count: 1 }]]);
    await pass(30_000);
    expect(texts(element)).toHaveLength(3);
    expect(JSON.stringify([localStorage, sessionStorage, document.cookie])).not.toContain("conversation_");
    expect(element.outerHTML).not.toContain("conversation_");
  });

  test("breaks the line with Shift and Enter, and takes an input method's suggestion with Enter", async () => {
    const server = log();
    const element = await chat();
    type(element, "こんにちは");
    expect(press(field(element), "Enter", { shiftKey: true }).defaultPrevented).toBe(false);
    expect(press(field(element), "Enter", { isComposing: true }).defaultPrevented).toBe(false);
    expect(press(field(element), "Enter", { keyCode: 229 }).defaultPrevented).toBe(false);
    await settled();
    expect(server.posts()).toEqual([]);
    expect(press(field(element), "Enter").defaultPrevented).toBe(true);
    await settled();
    expect(texts(element)).toEqual(["こんにちは"]);
  });

  test("sends nothing that is empty, and is told when it is too long, counted as the server counts", async () => {
    const server = log();
    const element = await chat();
    await write(element, " \n ");
    type(element, "\u{1f980}".repeat(3_600));
    expect(text(element)).toContain("Characters left: 400");
    type(element, "\u{1f980}".repeat(3_599));
    expect(text(element)).not.toContain("Characters left");
    await write(element, "\u{1f980}".repeat(4_001));
    expect([text(element).includes("Characters left: -1"), field(element).ariaInvalid, button(element, "Send").ariaDisabled]).toEqual([true, "true", "true"]);
    expect([...field(element).value]).toHaveLength(4_001);
    expect(server.posts()).toEqual([]);
    await write(element, "\u{1f980}".repeat(4_000));
    expect(server.posts()).toHaveLength(1);
  });

  test("keeps what is being typed while answers come, in nodes that stay where they are", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    const [area, first] = [field(element), parts(element, "text")[0]];
    const moved = vi.spyOn(part(element, "root"), "replaceChildren");
    type(element, "I was about to");
    server.answer("Yes?");
    await pass(5_000);
    expect([field(element) === area, parts(element, "text")[0] === first, moved.mock.calls.length]).toEqual([true, true, 0]);
    expect([area.value, texts(element)]).toEqual(["I was about to", ["Hi", "Yes?"]]);
  });

  test("reads a long log to its end at once", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    for (let count = 0; count < 250; count++) server.answer(`Answer ${count}`);
    await pass(5_000);
    expect(texts(element)).toHaveLength(251);
    expect(texts(element).at(-1)).toBe("Answer 249");
  });

  test("of a German page reads German", async () => {
    log();
    const element = await chat({ lang: "de" });
    expect(text(element)).toContain("Schreib an Support.");
    await write(element, "Hallo");
    expect(text(element)).toContain("Du ");
    element.lang = "en";
    await settled();
    expect(text(element)).toContain("You ");
  });
});

describe("a conversation is one person's", () => {
  test("and says by which name they are known", async () => {
    const server = log();
    server.answers["POST sessions/exchange"] = () => started();
    const element = await chat({ "bridge-token": "bridge" });
    await write(element, "Hi");
    expect(server.posts()[0]!.bearer).toBe(element.session!.getToken());
    expect(text(element)).toContain("You (Ada Lovelace)");
  });

  test("another customer begins with an empty log, and with a conversation of their own", async () => {
    const server = log();
    const element = await chat();
    await element.session!.identify(() => jwt(15, { sub: "u-1" }));
    await write(element, "Ada’s secret");
    type(element, "half a thought");
    await element.session!.identify(() => jwt(15, { sub: "u-2" }));
    await settled();
    expect([texts(element), field(element).value]).toEqual([[], ""]);
    await write(element, "Hello");
    expect(server.posts().at(-1)!.body.conversation_token).toBeUndefined();
    await element.session!.identify(() => null);
    await settled();
    expect(texts(element), "nobody is left").toEqual([]);
  });

  test("who signs in goes on, and so does who is fetched anew", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Anonymous at first");
    await element.session!.identify(() => jwt(15, { sub: "u-1" }));
    await write(element, "It is me");
    await pass(15 * MINUTE);
    await write(element, "Still me");
    expect(server.all).toHaveLength(1);
    expect(texts(element)).toHaveLength(3);
  });

  test("signing out empties it, a session that just ends does not", async () => {
    const server = log();
    Object.assign(server.answers, { "POST sessions/exchange": () => started(), "DELETE sessions/current": () => ({ body: {} }), "POST sessions/refresh": () => refused(401, "session_expired") });
    const element = await chat({ "bridge-token": "one" });
    await write(element, "Hi");
    await pass(56 * MINUTE);
    expect([element.session!.state, texts(element)]).toEqual(["expired", ["Hi"]]);
    element.bridgeToken = "two";
    await settled();
    expect([element.session!.state, texts(element)]).toEqual(["signed-in", ["Hi"]]);
    await element.session!.signOut();
    await settled();
    expect(texts(element)).toEqual([]);
  });

  test("a page that destroys its session leaves nothing of it to the next", async () => {
    const server = log();
    let customer = ADA;
    server.answers["POST sessions/exchange"] = () => started(customer);
    const element = await chat({ "bridge-token": "three" });
    await write(element, "Hi");
    element.session!.destroy();
    await settled();
    expect(text(element)).not.toContain("Hi");
    expect(vi.getTimerCount()).toBe(0);
    customer = GRACE;
    const { createSession } = await import("../src/mintmark.js");
    createSession({ embedKey: KEY, baseUrl: BASE, bridgeToken: "four" });
    await settled();
    expect(texts(element)).toEqual([]);
  });

  test("an answer that says that the name had expired has the next message carry a new one", async () => {
    const server = log();
    const element = await chat();
    const fetcher = vi.fn(() => jwt(15, { sub: "u-1" }));
    await element.session!.identify(fetcher);
    const works = server.answers["POST messages"]!;
    server.answers["POST messages"] = async (asked) => {
      const said = (await works(asked)) as { body: any };
      return { ...said, body: { ...said.body, identity: "expired" } };
    };
    await write(element, "Hi");
    expect(fetcher).toHaveBeenCalledTimes(2);
    server.answers["POST messages"] = works;
    await write(element, "Again");
    const [first, second] = server.posts().map(({ bearer }) => bearer);
    expect(second).not.toBe(first);
  });
});

describe("the launcher", () => {
  test("opens and closes the panel, takes the focus along, and counts what came meanwhile", async () => {
    const server = log();
    const element = await chat({ launcher: "" });
    const launcher = part(element, "launcher");
    expect([part(element, "panel").hidden, launcher.ariaExpanded]).toEqual([true, "false"]);
    launcher.click();
    await settled();
    expect([element.open, part(element, "panel").hidden, launcher.ariaExpanded, element.shadowRoot!.activeElement === field(element)]).toEqual([true, false, "true", true]);
    await write(element, "Hi");
    press(field(element), "Escape");
    await settled();
    expect([element.open, part(element, "panel").hidden, element.shadowRoot!.activeElement === launcher]).toEqual([false, true, true]);
    server.answer("Yes?");
    await pass(MINUTE);
    expect(part(element, "count").textContent).toBe("1");
    expect(element.shadowRoot!.querySelector("[role=status].heard")!.textContent).toBe("New messages: 1");
    launcher.click();
    await settled();
    expect(part(element, "count").textContent).toBe("");
    button(element, "Close").click();
    await settled();
    expect(element.open).toBe(false);
  });

  test("does not take the focus of a page that opens it", async () => {
    log();
    const element = await chat({ launcher: "" });
    element.open = true;
    await settled();
    expect([part(element, "panel").hidden, element.shadowRoot!.activeElement]).toEqual([false, null]);
  });

  test("leaves Escape to the page where the chat stands in it", async () => {
    log();
    const element = await chat();
    let heard = 0;
    element.addEventListener("keydown", () => heard++);
    press(field(element), "Escape");
    expect([heard, part(element, "panel").hidden]).toEqual([1, false]);
  });
});

test("a page that may have no chat says why, and can try again; one without a network has one all the same", async () => {
  const told = hear();
  const server = log();
  server.answers["GET config"] = () => refused(403, "embed_origin_not_allowed");
  const element = await chat();
  expect(text(element)).toContain("embed_origin_not_allowed");
  expect(told).toEqual([["error", { code: "embed_origin_not_allowed" }]]);
  server.answers["GET config"] = () => ({ body: CONFIG });
  button(element, "Try again").click();
  await settled();
  expect(text(element)).toContain("Write to Support.");
  element.remove();
  element.session?.destroy();
});
