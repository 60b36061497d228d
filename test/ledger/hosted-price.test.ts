import { describe, expect, it } from "vitest";
import { hostedPrice, isOllamaCloud } from "../../src/ledger/hosted-price.js";
import { lookUpPrice } from "../../src/ledger/price.js";

describe("hostedPrice", () => {
  const haiku = "anthropic.claude-3-haiku-20240307-v1:0";

  it.each([
    `bedrock/${haiku}`,
    `bedrock/us-east-1/${haiku}`,
    `bedrock/us-gov-west-1/${haiku}`,
    `bedrock/invoke/${haiku}`,
    `bedrock/converse/eu-west-3/${haiku}`,
    `bedrock_converse/converse_like/${haiku}`,
    haiku,
    `us.${haiku}`,
    `us-gov.${haiku}`,
  ])("reads the model of Bedrock behind its ways and regions: %s", (id) => {
    expect(hostedPrice(id)).toEqual({ input: 0.25, output: 1.25 });
  });

  it("reads ways of Bedrock at the start of its ids only, and of no other host", () => {
    expect(hostedPrice("bedrock/some/invoke/nova")).toBeNull();
    expect(hostedPrice("groq/invoke/llama-3.3-70b-versatile")).toBeNull();
    expect(hostedPrice("groq/llama-3.3-70b-versatile")).toEqual(lookUpPrice("llama-3.3-70b-versatile", { id: "groq" }));
  });

  it.each([
    ["x-ai/grok-3", "grok-3", "x-ai"],
    ["xai/grok-3", "grok-3", "x-ai"],
    ["ovhcloud/gpt-oss-120b", "gpt-oss-120b", "ovhcloud"],
    ["gemini/gemini-2.5-flash", "gemini-2.5-flash", "google"],
    ["deepseek/deepseek-chat", "deepseek-chat", "deepseek"],
    ["cohere/command-r", "command-r", "cohere"],
  ])("looks %s up at its host", (id, model, host) => {
    const price = hostedPrice(id);
    expect(price).toEqual(lookUpPrice(model, { id: host }));
    expect(price).toMatchObject({ input: expect.any(Number) });
  });

  it.each(["aiml", "deepinfra", "github", "heroku", "huggingface", "nebius", "replicate", "wandb", "watsonx"])(
    "takes the price of the id alone at %s, which the catalogue does not have",
    (host) => {
      expect(hostedPrice(`${host}/gpt-4o`)).toEqual(lookUpPrice("gpt-4o"));
    },
  );

  it.each([
    ...["", "gpt-4o", "openai/gpt-oss-20b", "unknown/groq/gpt-4o", "invoke/x", `not.${haiku}`, `my-${haiku}`],
    ...["mistral/mistral-12b-x", "deepseek/deepseek-v3-1.25b", "deepseek/r1_70B", "cohere/aya:8b"],
  ])("is undefined for %j, which names no host", (id) => {
    expect(hostedPrice(id)).toBeUndefined();
  });

  it("reads an id to its end, over lines", () => {
    expect(hostedPrice("groq/x\ny")).toBeNull();
    expect(hostedPrice("deepseek/\n7")).toBeNull();
  });
});

describe("isOllamaCloud", () => {
  it("is true where an id ends so", () => {
    expect(["gpt-oss:120b-cloud", "glm-4.6:cloud"].map(isOllamaCloud)).toEqual([true, true]);
    expect(["gpt-oss:cloudy", "gpt-oss-cloud:20b", "cloud"].map(isOllamaCloud)).toEqual([false, false, false]);
  });
});
