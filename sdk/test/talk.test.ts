/** `<mintmark-chat>`: nothing typed is lost, and answers are asked for at their time. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Screen, button, hear, look, text } from "./elements.js";
import { MINUTE, jwt, later, pass, probe, refused, settled, started } from "./mint.js";
import { after, before, chat, field, log, press, texts, type, write } from "./talk.js";

beforeEach(before);
afterEach(after);

describe("a message that is not sent", () => {
  test("stays, holds back what was written after it, and is sent in its order", async () => {
    const told = hear();
    const server = log();
    const element = await chat();
    await write(element, "One");
    const works = server.answers["POST messages"]!;
    server.answers["POST messages"] = () => "nothing";
    type(element, "Two");
    press(field(element), "Enter");
    await write(element, "Three");
    expect(texts(element)).toEqual(["One", "Two", "Three"]);
    expect(text(element).match(/Not sent. There is no connection./g)).toHaveLength(2);
    expect(told.at(-1)).toEqual(["error", { code: "network" }]);
    server.answers["POST messages"] = works;
    button(element, "Try again").click();
    await settled();
    expect(text(element)).not.toContain("Not sent.");
    expect(server.all[0]!.map((one) => one.text)).toEqual(["One", "Two", "Three"]);
  });

  test("but arrived is found in the log, and not sent twice", async () => {
    const server = log();
    const element = await chat();
    await write(element, "One");
    const works = server.answers["POST messages"]!;
    server.answers["POST messages"] = (asked) => (void works(asked), "nothing");
    await write(element, "Two");
    expect(text(element)).toContain("Not sent.");
    await pass(5_000);
    expect(text(element)).not.toContain("Not sent.");
    expect(texts(element)).toEqual(["One", "Two"]);
  });

  test("because there were too many says when to try again", async () => {
    const server = log();
    const element = await chat();
    server.answers["POST messages"] = () => refused(429, "rate_limited", { "retry-after": "42" });
    await write(element, "Hi");
    expect(text(element)).toContain("Too many requests. Wait a moment. (42 s)");
    expect(button(element, "Try again")).toBeDefined();
  });

  for (const [status, code, words] of [
    [404, "not_found", "This conversation has ended."],
    [409, "conversation_full", "This conversation is full."],
  ] as const) {
    test(`because of ${code} says so, and begins a new conversation`, async () => {
      const told = hear();
      const server = log();
      const element = await chat();
      await write(element, "One");
      const works = server.answers["POST messages"]!;
      server.answers["POST messages"] = () => refused(status, code);
      await write(element, "Two");
      expect(text(element)).toContain(words);
      expect(texts(element)).toEqual(["One", "Two"]);
      expect(told.at(-1)).toEqual(["error", { code }]);
      server.answers["POST messages"] = works;
      button(element, "Try again").click();
      await settled();
      expect(server.posts().at(-1)!.body.conversation_token).toBeUndefined();
      expect(told.at(-1)).toEqual(["message-sent", { conversation: "cnv_1" }]);
      server.answer("Hello again", 1);
      await pass(5_000);
      expect(texts(element)).toEqual(["One", "Two", "Hello again"]);
    });
  }

  test("because the conversation is somebody else's takes what they wrote away", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Mine, and nobody's business");
    server.answers["POST messages"] = () => refused(409, "conversation_taken");
    await write(element, "Two");
    expect(text(element)).toContain("This conversation was somebody else’s.");
    expect(texts(element)).toEqual(["Two"]);
  });

  test("because nobody was recognised can be sent without a name", async () => {
    const server = log();
    const element = await chat();
    await element.session!.identify(() => jwt(15, { sub: "u-1" }));
    const works = server.answers["POST messages"]!;
    server.answers["POST messages"] = (asked) => (asked.bearer ? refused(401, "invalid_token") : works(asked));
    await write(element, "It is me");
    expect(server.posts()).toHaveLength(2);
    expect(text(element)).toContain("Not sent.");
    button(element, "Send without name").click();
    await settled();
    expect(server.all.map((one) => one.map(({ from, text: said }) => [from, said]))).toEqual([[["anonymous", "It is me"]]]);
  });

  test("because the session was revoked stays, says so, and can be sent without a name", async () => {
    const server = log();
    const works = server.answers["POST messages"]!;
    Object.assign(server.answers, {
      "POST sessions/exchange": () => started(),
      "POST sessions/refresh": () => refused(401, "session_revoked"),
    });
    const element = await chat({ "bridge-token": "bridge" });
    await write(element, "One");
    server.answers["POST messages"] = (asked) => (asked.bearer ? refused(401, "session_revoked") : works(asked));
    await write(element, "Two");
    expect([texts(element), element.session!.state]).toEqual([["One", "Two"], "revoked"]);
    expect(text(element)).toContain("Not sent. Your session was ended.");
    button(element, "Send without name").click();
    await settled();
    expect(server.all.map((one) => one.map(({ from }) => from))).toEqual([["known", "anonymous"]]);
  });

  for (const [status, code, words] of [[403, "embed_origin_not_allowed", "This page may not show this."], [403, "customer_banned", "You have no access."], [422, "invalid_field", "That did not work."], [503, "unavailable", "There is no connection."]] as const) {
    test(`because of ${code} says what that means`, async () => {
      const server = log();
      const element = await chat();
      server.answers["POST messages"] = () => refused(status, code);
      await write(element, "Hi");
      expect(text(element)).toContain(`Not sent. ${words}`);
    });
  }
});

describe("answers are asked for", () => {
  test("every five seconds while somebody looks, every minute while nobody does, and never without a conversation", async () => {
    const server = log();
    const element = await chat();
    await pass(10 * MINUTE);
    expect([server.count("GET messages"), vi.getTimerCount()]).toEqual([0, 0]);
    await write(element, "Hi");
    const count = async (time: number) => {
      const before = server.count("GET messages");
      await pass(time);
      return server.count("GET messages") - before;
    };
    await pass(5_000);
    expect(await count(MINUTE)).toBe(12);
    look("hidden");
    expect(await count(10 * MINUTE)).toBe(10);
    look();
    expect(await count(MINUTE)).toBeGreaterThanOrEqual(12);
    Screen.shows(false);
    expect(await count(10 * MINUTE)).toBe(10);
    Screen.shows(true);
    expect(await count(MINUTE)).toBeGreaterThanOrEqual(12);
    expect(vi.getTimerCount()).toBe(1);
  });

  test("from the last one on", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    server.answer("Yes?");
    await pass(5_000);
    await pass(5_000);
    expect(server.asked.at(-1)!.url.searchParams.get("after")).toBe("cmsg_0002");
    expect(server.asked.at(-1)!.bearer).toBe("conversation_0");
  });

  test("less and less often while nothing answers, which is said, and told once", async () => {
    const told = hear();
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    const works = server.answers["GET messages"]!;
    server.answers["GET messages"] = () => "nothing";
    const before = server.count("GET messages");
    await pass(5 * MINUTE);
    expect(server.count("GET messages") - before).toBeLessThan(10);
    expect(text(element)).toContain("There is no connection.");
    expect(told.filter(([name]) => name === "error")).toHaveLength(1);
    server.answers["GET messages"] = works;
    server.answer("Back");
    await pass(MINUTE);
    expect(text(element)).not.toContain("There is no connection.");
    expect(texts(element)).toEqual(["Hi", "Back"]);
  });

  test("no more, once the conversation has ended", async () => {
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    server.answers["GET messages"] = () => refused(404, "not_found");
    await pass(5_000);
    expect(text(element)).toContain("This conversation has ended.");
    const before = server.count("GET messages");
    await pass(10 * MINUTE);
    expect([server.count("GET messages"), vi.getTimerCount()]).toEqual([before, 0]);
  });

  test("no more, once the element has left; it goes on where it was when it comes back", async () => {
    const { listeners, timers } = probe();
    const server = log();
    const element = await chat();
    await write(element, "Hi");
    expect(timers()).toBe(1);
    element.remove();
    await settled();
    expect([timers(), [...listeners], Screen.all]).toEqual([0, [], []]);
    server.answer("Still there?");
    document.body.append(element);
    await settled();
    await pass(5_000);
    expect(texts(element)).toEqual(["Hi", "Still there?"]);
    server.answers["POST messages"] = () => later<any>().promise;
    await write(element, "Yes");
    element.remove();
    await settled();
    expect([timers(), [...listeners]]).toEqual([0, []]);
    document.body.append(element);
    await settled();
    expect(text(element)).toContain("Not sent.");
  });
});
