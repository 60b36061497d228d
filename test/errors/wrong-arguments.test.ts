import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  byModel,
  formatReport,
  InvalidOptionError,
  lookUpPrice,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
  readApproval,
  readStructured,
  savings,
  totalCost,
  totalTokens,
} from "../../src/index.js";

type Anything = (value: never, other?: never) => unknown;

/** Functions a user calls with what a run returned, and what they are given in its place by mistake. */
const wrong: Readonly<Record<string, { readonly of: Anything; readonly values: readonly unknown[] }>> = {
  totalCost: { of: totalCost, values: [undefined, null, {}, "calls", [null], { calls: [] }] },
  totalTokens: { of: totalTokens, values: [undefined, null, {}, 5, [undefined]] },
  byModel: { of: byModel, values: [undefined, null, {}, ["gpt-4o"]] },
  formatReport: { of: formatReport, values: [undefined, null, {}, [3]] },
  "savings.calls": {
    of: (calls: never) => savings(calls, { against: "gpt-4o" }),
    values: [undefined, null, {}, [null]],
  },
  "savings.against": {
    of: (against: never) => savings([], { against }),
    values: [undefined, null, "", 5, {}, { input: 1 }, { input: "1", output: "2" }],
  },
  "savings without options": { of: (options: never) => savings([], options), values: [undefined, null] },
  lookUpPrice: { of: lookUpPrice, values: [undefined, null, 4, {}] },
  normalizeText: { of: normalizeText, values: [undefined, null, 42, {}] },
  normalizeNumber: { of: normalizeNumber, values: [undefined, null, 42, {}] },
  normalizeYesNo: { of: normalizeYesNo, values: [undefined, null, true] },
  "normalizeChoice(…)": { of: normalizeChoice("ABC") as Anything, values: [undefined, null, 1] },
  "normalizeJson(…)": { of: normalizeJson("answer") as Anything, values: [undefined, null, { answer: 1 }] },
  readApproval: { of: readApproval as Anything, values: [undefined, null, new AIMessage("Approved.")] },
  "readStructured.answer": {
    of: (answer: never) => readStructured(answer, { name: "a", description: "b", schema: z.object({}) }),
    values: [undefined, null, "text", {}],
  },
  "readStructured.structured": {
    of: (structured: never) => readStructured(new AIMessage("{}"), structured),
    values: [undefined, null, {}, { schema: {} }],
  },
};

describe("functions a run's result is given to", () => {
  for (const [name, { of, values }] of Object.entries(wrong)) {
    it.each(values.map((value) => [value]))(`${name} refuses %j by name`, (value) => {
      let thrown: unknown;
      try {
        of(value as never);
      } catch (error) {
        thrown = error;
      }
      expect(InvalidOptionError.isInstance(thrown), String(thrown)).toBe(true);
    });
  }
});
