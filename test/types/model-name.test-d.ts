import { describe, expectTypeOf, it } from "vitest";
import { createFallback, judgeWith, type Model, type ModelName } from "../../src/index.js";

describe("ModelName", () => {
  it("is a provider and an id, and a model", () => {
    expectTypeOf<"openai:gpt-4o-mini">().toExtend<ModelName>();
    expectTypeOf<`${string}:${string}`>().toExtend<Model>();
    createFallback({ models: { main: "openai:gpt-4o-mini", other: { model: "ollama:llama3.2" } } });
    judgeWith("google-genai:gemini-2.0-flash");
  });

  it("is no mere id", () => {
    expectTypeOf<"gpt-4o-mini">().not.toExtend<Model>();
    // @ts-expect-error: no provider
    createFallback({ models: { main: "gpt-4o-mini" } });
  });

  it("keeps the providers apart, which editors complete", () => {
    expectTypeOf<"openai:">().toExtend<Extract<ModelName, `${string}:`>>();
  });
});
