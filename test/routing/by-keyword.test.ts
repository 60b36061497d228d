import { AIMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byKeyword } from "../../src/routing/by-keyword.js";
import { toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

type Keywords = Readonly<Record<string, readonly (string | RegExp)[]>>;
async function choose(keywords: Keywords, question: string) {
  return toChoice(await byKeyword(keywords)(routeTurn(question).turn));
}
const found = async (word: string | RegExp, question: string) => (await choose({ it: [word] }, question)).name === "it";

describe("byKeyword", () => {
  it("chooses the model whose keyword is in the question, and says which", async () => {
    const keywords = { code: ["debug", "function"], math: ["solve", "equation"] };
    expect(await choose(keywords, "Please solve this equation")).toEqual({
      name: "math",
      reason: '"solve" is in the question',
    });
  });

  it("lets key order decide when several keywords are there", async () => {
    const question = "Debug the code that can solve an equation";
    expect((await choose({ code: ["debug"], math: ["equation"] }, question)).name).toBe("code");
    expect((await choose({ math: ["equation"], code: ["debug"] }, question)).name).toBe("math");
  });

  it("makes no decision when none is there", async () => {
    expect(await choose({ code: ["debug"] }, "Hello")).toEqual({
      name: undefined,
      reason: "no keyword is in the question",
    });
    expect((await choose({ code: ["debug"] }, "")).name).toBeUndefined();
  });

  it.each([
    ["code", "decode this"],
    ["code", "codec"],
    ["code", "my_code"],
    ["code", "code2"],
    ["art", "Martha's heart"],
    ["кот", "который"],
    ["über", "Überraschung"],
    ["nino", "niño"],
    ["cafe", "cafe\u0301"],
    ["क", "कि"],
    ["ताब", "किताब"],
  ])("does not find %o inside a word of %o", async (word, question) => {
    expect(await found(word, question)).toBe(false);
  });

  it.each([
    ["code", "CODE?"],
    ["Code", "(code)"],
    ["code", "re-code"],
    ["Über", "über alles"],
    ["кот", "Мой КОТ, да"],
    ["café", "un cafe\u0301 noir"],
    ["हिन्दी", "क्या आप हिन्दी बोलते हैं?"],
    ["c++", "I write C++, daily"],
    ["c#", "c# or f#"],
    [".net", "the .NET runtime"],
    ["$", "costs $ 5"],
    ["explain why", "Explain\n  WHY it rains"],
    [" debug ", "debug"],
    ["[a-z]", "what does [a-z] match"],
    ["🐛", "a 🐛 bit me"],
  ])("finds %o as a word of %o", async (word, question) => {
    expect(await found(word, question)).toBe(true);
  });

  it("takes regular expressions as they are, for scripts without spaces too", async () => {
    expect(await found(/```/, "fix ```js\nx```")).toBe(true);
    expect(await found(/code/, "decode")).toBe(true);
    expect(await found(/code/, "CODE")).toBe(false);
    expect(await found("代码", "请修改代码吧")).toBe(false);
    expect(await found(/代码/, "请修改代码吧")).toBe(true);
  });

  it("finds a global or sticky expression every time, and leaves the caller's own as it was", async () => {
    for (const flags of ["g", "y", "gi"]) {
      const word = new RegExp("debug", flags);
      const route = byKeyword({ code: [word] });
      for (let run = 0; run < 3; run++) {
        expect(toChoice(await route(routeTurn<"code">("please debug debug").turn)).name).toBe("code");
      }
      expect(word.lastIndex).toBe(0);
    }
  });

  it("reads the last message a person wrote", async () => {
    const messages = [
      new HumanMessage("debug"),
      new AIMessage("done"),
      new HumanMessage("thanks"),
      new AIMessage("debug"),
    ];
    expect(toChoice(await byKeyword({ code: ["debug"] })(routeTurn<"code">(messages).turn)).name).toBeUndefined();
  });

  it.each<[Keywords]>([[{ code: [] }], [{ code: [""] }], [{ code: ["debug", "  "] }], [{ code: "debug" as never }]])(
    "refuses %o when it is made",
    (keywords) => {
      expect(() => byKeyword(keywords)).toThrow(InvalidOptionError);
      expect(() => byKeyword(keywords)).toThrow(/byKeyword\.code/);
    },
  );

  it.each([{}, null, undefined, "debug", ["debug"]])("refuses %o for a list of models", (keywords) => {
    expect(() => byKeyword(keywords as never)).toThrow(InvalidOptionError);
  });

  it("names the word of a long list that is there, in one that begins like another too", async () => {
    const words = ["unit", "unit test", "C++", ".NET", "stack  trace", "SQL"];
    for (const [question, word] of [
      ["a UNIT\ntest", "unit"],
      ["my stack trace", "stack  trace"],
      ["c++!", "C++"],
      ["asp .net", ".NET"],
    ] as const)
      expect(await choose({ code: words }, question)).toEqual({ name: "code", reason: `"${word}" is in the question` });
    expect((await choose({ code: words }, "units, mysql, dotnet")).name).toBeUndefined();
    expect((await choose({ chat: [/^hi/], code: ["sql", /```/] }, "fix ```")).reason).toBe(
      '"/```/" is in the question',
    );
  });

  it("finds any word among others, whatever it is made of, and not the halves of it", async () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== "");
    await fc.assert(
      fc.asyncProperty(word, async (keyword) => {
        expect(await found(keyword, `before ${keyword} after`)).toBe(true);
        expect(await found(`x${keyword.trim()}x`, `before ${keyword} after`)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("routes runs of a graph; a run without a keyword goes to the fallback", async () => {
    const [code, chat] = [saying("c"), saying("h")];
    const graph = createRouter({ models: { code }, route: byKeyword({ code: ["debug"] }), fallback: chat }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages: "Debug this" });
    expect(decisions).toMatchObject([{ kind: "route", chosen: "code", reason: '"debug" is in the question' }]);
    expect([modelUsed, chat.callCount]).toEqual(["code", 0]);
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("fallback");
    expect(code.callCount).toBe(1);
  });
});
