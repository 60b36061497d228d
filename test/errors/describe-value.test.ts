import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { describeValue, harmless } from "../../src/errors/describe-value.js";
import { InvalidOptionError } from "../../src/index.js";

describe("describeValue", () => {
  class Own {}
  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [7, "7"],
    [Number.NaN, "NaN"],
    [true, "true"],
    [10n, "10"],
    ["accpet", '"accpet"'],
    ["", '""'],
    ["gpt-4o-mini-2024-07-18", '"gpt-4o-mini-2024-07-18"'],
    ["x".repeat(70), `"${"x".repeat(60)}…"`],
    ["sk-proj-0123456789abcdef", "a text of 24 characters that may be a key"],
    ["9f86d081884c7d659a2feaa0c55ad015", "a text of 32 characters that may be a key"],
    ["https://user:word@host/v1", "a text of 25 characters that may be a key"],
    [[1, 2], "an array of 2"],
    [{}, "an empty object"],
    [{ model: 1, modle: 2 }, "an object with model, modle"],
    [{ "sk-proj-0123456789abcdef": 1 }, "an object with …"],
    [() => "x", "a function"],
    [Symbol("sk-proj-0123456789abcdef"), "a symbol"],
    [new Own(), "an Own"],
    [new Map(), "a Map"],
    [new ChatOpenAI({ apiKey: "none" }), "a ChatOpenAI"],
    [Object.create(null), "an empty object"],
    [
      new Proxy(
        {},
        {
          getPrototypeOf() {
            throw new Error("no");
          },
        },
      ),
      "an object that cannot be read",
    ],
  ])("says what kind of thing it is: %#", (value, description) => {
    expect(describeValue(value)).toBe(description);
  });
});

describe("InvalidOptionError", () => {
  it("keeps a number or a short text as it is, and no object", () => {
    expect(new InvalidOptionError("f.x", 3, "give 1").value).toBe(3);
    expect(new InvalidOptionError("f.x", "accpet", "give accept").value).toBe("accpet");
    expect(new InvalidOptionError("f.x", { a: 1 }, "give a function").value).toBe("an object with a");
    expect(harmless(new Date(0))).toBe("a Date");
  });

  it("shows no key that stands where the name of an option should", () => {
    const { option, message } = new InvalidOptionError("f.sk-proj-0123456789abcdef", 1, "the options are x");
    expect(option + message).not.toContain("0123456789");
  });
});
