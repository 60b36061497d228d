import { describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byKeyword } from "../../src/routing/by-keyword.js";
import { firstOf } from "../../src/routing/first-of.js";
import { qualityFocused } from "../../src/routing/quality-focused.js";
import { lastText, type Route, toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

type Name = "code" | "chat";
const { turn } = routeTurn<Name>("Hello", ["code", "chat"]);
const choose = async (...routes: Route<Name>[]) => toChoice(await firstOf<Name>(...routes)(turn));

describe("firstOf", () => {
  it("takes the first decision and does not call the routes after it", async () => {
    const later = vi.fn(() => "code" as const);
    expect(await choose(() => "chat", later)).toEqual({ name: "chat" });
    expect(later).not.toHaveBeenCalled();
  });

  it("asks one route after the other, each with the whole turn", async () => {
    const order: string[] = [];
    const slow = vi.fn(async () => {
      await Promise.resolve();
      order.push("slow");
      return undefined;
    });
    const quick = vi.fn(() => {
      order.push("quick");
      return "code" as const;
    });
    expect((await choose(slow, quick)).name).toBe("code");
    expect(order).toEqual(["slow", "quick"]);
    for (const route of [slow, quick]) expect(route).toHaveBeenCalledWith(turn);
  });

  it("keeps what the deciding route says: label, scores, threshold", async () => {
    const choice = {
      name: "code",
      label: "HARD",
      scores: { code: 0.9 },
      threshold: 0.5,
      reason: "it is hard",
    } as const;
    expect(await choose(() => choice)).toEqual(choice);
    expect(await choose(byKeyword({ code: ["debug"] }), () => choice)).toEqual({
      ...choice,
      reason: "no keyword is in the question; then it is hard",
    });
  });

  it("says why those before it did not decide, and nothing where they gave no reason", async () => {
    const undecided = () => ({ name: undefined, reason: "the classifier failed (server)" });
    expect(
      await choose(
        undecided,
        () => undefined,
        () => "chat",
      ),
    ).toEqual({
      name: "chat",
      reason: "the classifier failed (server)",
    });
    expect(
      await choose(
        () => undefined,
        () => "chat",
      ),
    ).toEqual({ name: "chat" });
  });

  it("makes no decision when none does, with all reasons", async () => {
    expect(await choose(byKeyword({ code: ["debug"] }), () => ({ name: undefined, reason: "too short" }))).toEqual({
      name: undefined,
      reason: "no keyword is in the question; then too short",
    });
    expect(await choose(() => undefined)).toEqual({ name: undefined, reason: "no route decided" });
  });

  it("keeps scores, threshold and skips of the last route that had some, unless the deciding one has its own", async () => {
    const near = { name: undefined, scores: { code: 0.3 }, threshold: 0.4, reason: "not near" } as const;
    const passed = {
      name: undefined,
      skipped: [
        { name: "chat", reason: "slow" },
        { name: "code", reason: "dear" },
      ],
    } as const;
    expect(
      await choose(
        () => near,
        () => passed,
        () => "chat",
      ),
    ).toEqual({
      name: "chat",
      scores: { code: 0.3 },
      threshold: 0.4,
      skipped: [{ name: "code", reason: "dear" }],
      reason: "not near",
    });
    expect(
      await choose(
        () => near,
        () => ({ name: "chat", scores: { chat: 1 } }),
      ),
    ).toEqual({
      name: "chat",
      scores: { chat: 1 },
      reason: "not near",
    });
    expect(await choose(() => near)).toEqual(near);
  });

  it("goes on by hand where a route does not decide, with arrows that read the turn", async () => {
    const [code, chat] = [saying("c", "c"), saying("h")];
    const rules = firstOf(byKeyword({ code: ["debug"] }), ({ messages }) => (messages.length > 0 ? "chat" : undefined));
    const graph = createRouter({ models: { code, chat }, route: (turn) => rules(turn) }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("chat");
    expect((await graph.invoke({ messages: "Debug" })).modelUsed).toBe("code");
    const best = createRouter({ models: { code, chat }, route: (turn) => qualityFocused()(turn) }).compile();
    expect((await best.invoke({ messages: "Hi" })).route).toBe("code");
    expect(chat.callCount).toBe(1);
  });

  it("refuses to be empty, and what is not a function", () => {
    expect(() => firstOf()).toThrow(InvalidOptionError);
    expect(() => firstOf("chat" as never)).toThrow(InvalidOptionError);
  });

  it("can be put into itself", async () => {
    const inner = firstOf<Name>(byKeyword({ code: ["debug"] }));
    expect(await choose(inner, () => "chat")).toMatchObject({ name: "chat", reason: "no keyword is in the question" });
  });

  it("passes on what a route throws", async () => {
    const bug = new Error("bug");
    const throwing = () => {
      throw bug;
    };
    await expect(choose(throwing, () => "chat")).rejects.toBe(bug);
  });
});

describe("lastText", () => {
  it("is the text of the last message when no person wrote any, and empty without messages", () => {
    expect(lastText([])).toBe("");
    const [message] = turn.messages;
    expect(lastText([message!])).toBe("Hello");
  });
});
