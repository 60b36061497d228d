import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readItems, tidyItems } from "../../src/nodes/map-reduce/read-items.js";

describe("readItems", () => {
  it.each<[plan: string, items: readonly string[]]>([
    ["Causes\nEffects", ["Causes", "Effects"]],
    ["1. Causes\n2. Effects\n10. Outlook", ["Causes", "Effects", "Outlook"]],
    ["1) Causes\n(2) Effects", ["Causes", "Effects"]],
    ["1: Causes\n2 - Effects\n3 – Outlook", ["Causes", "Effects", "Outlook"]],
    ["1.Causes\n1.1. Effects\n1.2) Outlook", ["Causes", "Effects", "Outlook"]],
    ["- Causes\n* Effects\n+ Costs\n• Outlook\n– End", ["Causes", "Effects", "Costs", "Outlook", "End"]],
    ["a) Causes\nB) Effects\n(c) Outlook\niv) End", ["Causes", "Effects", "Outlook", "End"]],
    ["- [ ] Causes\n- [x] Effects\n* [X] Outlook\n[ ] End", ["Causes", "Effects", "Outlook", "End"]],
    ["Section 1: Causes\nPart 2 - Effects\nSTEP 3. Outlook", ["Causes", "Effects", "Outlook"]],
    ["## Causes\n### 2. Effects\n> Outlook", ["Causes", "Effects", "Outlook"]],
    ["**Causes**\n__Effects__\n*Costs*\n_Outlook_", ["Causes", "Effects", "Costs", "Outlook"]],
    [
      "1. **Causes**: what began it\n**2. Effects**\n- **Section 3:** Outlook",
      ["Causes: what began it", "Effects", "Outlook"],
    ],
    ["  - Causes\n\n\t- Effects\n   \r\n\r\n- Outlook\r", ["Causes", "Effects", "Outlook"]],
    ["Here is the outline:\n1. Causes\n2. Effects", ["Causes", "Effects"]],
    ["**Outline:**\n\n- Causes\n\nAppendix:\n- Sources", ["Causes", "Sources"]],
    ["## Outline:\nCauses", ["Causes"]],
    ["Sure, I split it.\n1. Causes\nIn three parts.\n2. Effects\nTell me if you want more.", ["Causes", "Effects"]],
    ["Of course!\n\n**1. Causes**\n**2. Effects**", ["Causes", "Effects"]],
    ["I cannot split this.", []],
    ["I'm sorry, but there is nothing to divide here.", []],
    ["Unfortunately it cannot be divided.", []],
    ["1. Say that I cannot come", ["Say that I cannot come"]],
    ["I cannot come\nI will not come", ["I cannot come", "I will not come"]],
    ["大纲：\n1. 原因\n2. 结果", ["原因", "结果"]],
    ["1. Causes:\n2. Effects", ["Causes:", "Effects"]],
    ["---\nCauses\n***\nEffects\n```", ["Causes", "Effects"]],
    ['["Causes", "1. Effects"]', ["Causes", "Effects"]],
    ['```json\n["Causes", "Effects"]\n```', ["Causes", "Effects"]],
    ['1. Quote ["a"] and [b]\n2. Effects', ['Quote ["a"] and [b]', "Effects"]],
    ["", []],
    [" \n\t\n", []],
    ["-\n*\n1.\n#", []],
    ["Here is the outline:", []],
  ])("reads %j", (plan, items) => {
    expect(readItems(plan)).toEqual(items);
  });

  it.each([
    "3.5 million people",
    "10:30 at night",
    "2024 in review",
    "3 ways to save",
    "J. Doe's argument",
    "I. Newton's laws",
    "-5 degrees",
    "snake_case, 2_000 and a_b_c",
    "2*3*4 and 5 * 6 * 7",
    "Apollo 11: the landing",
    "Use `npm **` here",
    "#1 reason",
    ">5 degrees",
    "Part of it: the end",
  ])("leaves %j as it is", (line) => {
    expect(readItems(line)).toEqual([line]);
  });

  it("gives items without blanks around them, in order, and reading them again changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (lines) => {
        const items = readItems(lines.join("\n"));
        expect(items.every((item) => item !== "" && item === item.trim())).toBe(true);
        expect(tidyItems(items)).toEqual(items);
      }),
    );
  });

  it.each(["*", "_", "- ", " _b", "**a", "1. ", "[", "#"])("reads 100,000 times %j without stumbling", (piece) => {
    expect(readItems(piece.repeat(100_000)).length).toBeLessThanOrEqual(1);
  });
});
