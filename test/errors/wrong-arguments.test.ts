import { AIMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compareVariants, formatComparison } from "../../src/evaluation/index.js";
import {
  AllModelsFailedError,
  byModel,
  callsOf,
  check,
  createCascade,
  createExperiment,
  createFallback,
  createRouter,
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
import { saying } from "../support/fakes.js";

const refusing = (async () =>
  Response.json({ error: { message: "Incorrect API key" } }, { status: 401 })) as typeof fetch;
const openai = new ChatOpenAI({ model: "gpt-4o", apiKey: "none" });

type Anything = (value: never, other?: never) => unknown;

/** Functions a user calls with what a run returned, and what they are given in its place by mistake. */
const wrong: Readonly<Record<string, { readonly of: Anything; readonly values: readonly unknown[] }>> = {
  totalCost: { of: totalCost, values: [undefined, null, {}, "calls", [null], { calls: [] }] },
  totalTokens: { of: totalTokens, values: [undefined, null, {}, 5, [undefined]] },
  byModel: { of: byModel, values: [undefined, null, {}, ["gpt-4o"]] },
  formatReport: { of: formatReport, values: [undefined, null, {}, [3], { calls: 3 }] },
  compareVariants: { of: compareVariants as Anything, values: [undefined, null, {}, "runs", [null], [{}]] },
  formatComparison: { of: formatComparison, values: [undefined, null, {}, "text", []] },
  "savings.calls": {
    of: (calls: never) => savings(calls, { against: "gpt-4o" }),
    values: [undefined, null, {}, [null]],
  },
  "savings.against": {
    of: (against: never) => savings([], { against }),
    values: [undefined, null, "", 5, {}, { input: 1 }, { input: "1", output: "2" }],
  },
  "savings without options": { of: (options: never) => savings([], options), values: [undefined, null] },
  callsOf: { of: callsOf, values: [{ calls: [] }, { calls: [{}], messages: [] }] },
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

describe("a message about a mistake", () => {
  const model = saying("A");
  const verify = check(() => true);

  it.each([
    [
      () => createCascade({ models: model as never, verify }),
      "createCascade.models is a FakeBuiltModel; name the model: { small: chatModel }",
    ],
    [
      () => createFallback({ models: createFallback({ models: { model } }) as never }),
      "; name the model: { small: chatModel }",
    ],
    [() => createFallback({ models: [model, model] as never }), "; name each model: { small: chatModel }"],
    [
      () => createFallback({ models: { a: { model, temperature: 0.1 } as never } }),
      "write parameters: { temperature: … }",
    ],
    [
      () => createFallback({ models: { a: { model: openai, parameters: { max_tokens: 5 } } } }),
      "did you mean maxTokens?",
    ],
    [
      () => createExperiment({ models: { small: model }, weights: { smal: 1 } as never }),
      "weights.smal is 1; the models are small; did you mean small?",
    ],
  ])("says what to write: %#", (build, message) => {
    expect(build).toThrow(message);
  });

  it.each([() => {}, () => "yes", () => 1])(
    "names the function of check that returns no verdict: %s",
    async (passes) => {
      const graph = createCascade({ models: { a: saying("A"), b: saying("B") }, verify: check(passes as never) });
      await expect(graph.compile().invoke({ messages: "Q" })).rejects.toThrow(
        "its function must return true, false or",
      );
    },
  );

  it("names the model that was nearly chosen", async () => {
    const graph = createRouter({ models: { small: model, large: model }, route: () => "smal" as never });
    await expect(graph.compile().invoke({ messages: "Q" })).rejects.toThrow("did you mean small?");
  });

  it("lists the models that were skipped, and why", async () => {
    const denied = () => new ChatOpenAI({ model: "gpt-4o", apiKey: "sk-one-key", configuration: { fetch: refusing } });
    const graph = createFallback({ models: { a: denied(), b: denied() } });
    const error = await graph
      .compile()
      .invoke({ messages: "Q" })
      .catch((thrown: unknown) => thrown);
    expect(AllModelsFailedError.isInstance(error) && error.skipped.map(({ name }) => name)).toEqual(["b"]);
    expect(String(error)).toMatch(/b: skipped: same provider as a, which refused the key/);
  });
});
