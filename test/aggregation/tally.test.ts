import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tally } from "../../src/aggregation/tally.js";
import { normalizeText } from "../../src/text/normalizers/normalize.js";
import { named } from "./poll.js";

const count = (texts: readonly string[], asked = texts.length) =>
  tally(
    texts.map((text, lane) => named(`lane${lane}`, text)),
    asked,
    normalizeText,
  );
const agreementOf = (texts: readonly string[], asked?: number) => count(texts, asked).agreement;

describe("tally", () => {
  it("groups equal answers, the largest group first, and inside it in key order", () => {
    const { groups, votes } = count(["b", "x1", "B.", "c", "b!"]);
    expect(groups.map(({ key, votes, answers }) => [key, votes, answers.map(({ name }) => name)])).toEqual([
      ["b", 3, ["lane0", "lane2", "lane4"]],
      ["x1", 1, ["lane1"]],
      ["c", 1, ["lane3"]],
    ]);
    expect(votes).toEqual({ b: 3, x1: 1, c: 1 });
  });

  it("keeps answers with nothing to compare apart, last and without a vote", () => {
    const { groups, votes } = count(["", " ", "b"]);
    expect(groups.map(({ key, votes }) => [key, votes])).toEqual([
      ["b", 1],
      ["", 0],
      ["", 0],
    ]);
    expect(votes).toEqual({ b: 1 });
  });

  it("tells how far those asked agree", () => {
    expect(agreementOf(["b", "b", "b"])).toBe("full");
    expect(agreementOf(["b", "b", "c"])).toBe("majority");
    expect(agreementOf(["b", "b"], 3)).toBe("majority");
    expect(agreementOf(["b", "b"], 4)).toBe("partial");
    expect(agreementOf(["b", "b", "c", "d"])).toBe("partial");
    expect(agreementOf(["b", "c"], 3)).toBe("none");
    expect(agreementOf(["?", "!"], 2)).toBe("none");
    expect(agreementOf(["b"], 3)).toBe("single");
    expect(agreementOf(["b"])).toBe("full");
    expect(agreementOf([], 3)).toBe("none");
  });

  it("loses no answer", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("b", "B", "c", "", "d!")), (texts) => {
        const { groups, votes } = count(texts, 20);
        const members = groups.flatMap(({ answers }) => answers);
        expect(members).toHaveLength(texts.length);
        expect(new Set(members).size).toBe(texts.length);
        for (const { key, answers } of groups) {
          expect(new Set(answers.map(({ message }) => normalizeText(message)))).toEqual(new Set([key]));
          expect(votes[key]).toBe(key === "" ? undefined : answers.length);
        }
        const sizes = groups.map((group) => group.votes);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
    );
  });
});
