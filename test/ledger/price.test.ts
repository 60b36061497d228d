import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it, vi } from "vitest";
import { lookUpPrice } from "../../src/ledger/price.js";

describe("lookUpPrice", () => {
  it("knows the list price of a model, cached tokens too", () => {
    expect(lookUpPrice("gpt-4o-mini")).toEqual({ input: 0.15, output: 0.6, cacheRead: 0.075 });
    expect(lookUpPrice("gpt-4o", { id: "openai" })).toMatchObject({ input: 2.5, output: 10 });
  });

  it("knows what audio costs, in and out", () => {
    expect(lookUpPrice("gemini-2.5-flash")).toMatchObject({ input: 0.3, audioInput: 1 });
    const { input, output, audioInput, audioOutput } = lookUpPrice("gpt-realtime", { id: "openai" })!;
    expect(audioInput).toBeGreaterThan(input);
    expect(audioOutput).toBeGreaterThan(output);
  });

  it("knows dated versions of a model", () => {
    expect(lookUpPrice("gpt-4o-mini-2024-07-18")).toEqual(lookUpPrice("gpt-4o-mini"));
  });

  it("knows that a long request costs more", () => {
    const price = lookUpPrice("gemini-2.5-pro");
    expect(price).toMatchObject({ input: 1.25, output: 10 });
    expect(price?.longInput).toMatchObject([{ above: 200_000, input: 2.5, output: 15 }]);
  });

  it.each(["nobody-1", "", "__proto__", "constructor", "gpt"])("gives null, never 0, for %o", (modelId) => {
    expect(lookUpPrice(modelId)).toBeNull();
  });

  it("gives null for a model that its provider does not have", () => {
    expect(lookUpPrice("gpt-4o", { id: "anthropic" })).toBeNull();
    expect(lookUpPrice("gpt-4o", { id: "nobody" })).toBeNull();
  });

  it("lets the address decide over the client: the same model has another price elsewhere", () => {
    const elsewhere = { id: "openai", apiUrl: "https://openrouter.ai/api/v1" };
    expect(lookUpPrice("gpt-4o-mini", elsewhere)).toBeNull();
    expect(lookUpPrice("openai/gpt-4o-mini", elsewhere)).toMatchObject({ input: 0.15, output: 0.6 });
  });

  it.each([2, 12, 18])("gives the highest price of a day on which it depends on the hour (asked at %i h)", (hour) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15, hour) });
    const id = ["deepseek-chat", "deepseek-chat-v3-0324", "deepseek-reasoner"][[2, 12, 18].indexOf(hour)]!; // none is known yet
    const hours = [2, 12, 18].map((at) => {
      const found = calcPrice({}, id, { providerId: "deepseek", timestamp: new Date(Date.UTC(2026, 0, 15, at)) });
      return (found!.model_price as { input_mtok: number }).input_mtok;
    });
    expect(new Set(hours).size).toBe(2);
    expect(lookUpPrice(id, { id: "deepseek" })?.input).toBe(Math.max(...hours));
    vi.useRealTimers();
  });

  it("gives the same answer twice", () => {
    expect(lookUpPrice("gpt-4o")).toBe(lookUpPrice("gpt-4o"));
    expect(lookUpPrice("nobody-2")).toBe(lookUpPrice("nobody-2"));
  });
});
