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

  it("gives a fine-tuned model the price of fine-tuned ones, never that of its base", () => {
    const own = { input: 0.3, output: 1.2 };
    expect(lookUpPrice("ft:gpt-4o-mini-2024-07-18:org::id")).toEqual(own);
    expect(lookUpPrice("ft:gpt-4o-mini-2024-07-18:org::id", { id: "openai" })).toEqual(own);
    expect(lookUpPrice("gpt-4o-mini.ft-abc", { id: "azure" })).toBeNull();
    expect(lookUpPrice("gpt-4o:ft-abc", { id: "openai" })).toBeNull();
    expect(lookUpPrice("ft:claude-3-haiku")).toBeNull();
  });

  it("goes by the client where the address is of no provider it knows, by the address where it is", () => {
    const address = "https://api.openai.com/v1";
    expect(lookUpPrice("gpt-4o", { id: "anthropic", apiUrl: address })).toEqual(lookUpPrice("gpt-4o"));
    expect(lookUpPrice("gpt-4o", { id: "anthropic", apiUrl: "https://models.example/v1" })).toBeNull();
    expect(lookUpPrice("gpt-4o", { apiUrl: "https://models.example/v1" })).toEqual(lookUpPrice("gpt-4o"));
    expect(lookUpPrice("claude-sonnet-4-5", { apiUrl: address })).toBeNull();
  });

  it("knows what writing to a cache costs, short and long", () => {
    expect(lookUpPrice("claude-sonnet-4-5", { id: "anthropic" })).toEqual({
      ...{ input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      longInput: [{ above: 200_000, input: 6, output: 22.5, cacheRead: 0.6, cacheWrite: 7.5 }],
    });
    expect(lookUpPrice("gemini-2.5-pro")).not.toHaveProperty("cacheWrite");
  });

  it("gives null for a model that is not priced by input and output tokens", () => {
    for (const id of ["text-embedding-3-small", "whisper-1"]) expect(lookUpPrice(id)).toBeNull();
  });

  it("refuses an id that is no text", () => {
    expect(() => lookUpPrice(4 as never)).toThrow(/lookUpPrice\.modelId is 4; give a model's id/);
  });

  it("gives the same answer twice", () => {
    expect(lookUpPrice("gpt-4o")).toBe(lookUpPrice("gpt-4o"));
    expect(lookUpPrice("nobody-2")).toBe(lookUpPrice("nobody-2"));
  });
});
