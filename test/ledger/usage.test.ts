import { AIMessage, AIMessageChunk, HumanMessage, type UsageMetadata } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  costOf,
  countOf,
  estimateMessages,
  estimateTokens,
  runningUsage,
  summable,
  usageMetadataOf,
  usageOf,
} from "../../src/ledger/usage.js";
import { callOf } from "./calls.js";

const reported = (usage: Partial<UsageMetadata>) =>
  usageOf(new AIMessage({ content: "Hi", usage_metadata: usage as UsageMetadata }));

describe("usageOf", () => {
  it("reads tokens in and out", () => {
    expect(reported({ input_tokens: 10, output_tokens: 5, total_tokens: 15 })).toEqual({
      inputTokens: 10,
      outputTokens: 5,
    });
  });

  it("reads tokens of audio, in and out", () => {
    const details = { input_token_details: { audio: 40 }, output_token_details: { audio: 3 } };
    expect(reported({ input_tokens: 100, output_tokens: 5, total_tokens: 105, ...details })).toEqual({
      ...{ inputTokens: 100, outputTokens: 5, audioInputTokens: 40, audioOutputTokens: 3 },
    });
  });

  it("counts cached tokens once that OpenAI reports inside the input", () => {
    const usage = { input_tokens: 100, output_tokens: 9, total_tokens: 109, input_token_details: { cache_read: 80 } };
    expect(reported(usage)).toEqual({ inputTokens: 100, outputTokens: 9, cacheReadTokens: 80 });
  });

  it("counts a prompt once that came from the cache as a whole", () => {
    const usage = { input_tokens: 100, output_tokens: 9, total_tokens: 109, input_token_details: { cache_read: 100 } };
    expect(reported(usage)).toEqual({ inputTokens: 100, outputTokens: 9, cacheReadTokens: 100 });
  });

  it("adds cached tokens that Anthropic reports beside the input", () => {
    const input_token_details = { cache_read: 1_000, cache_creation: 200 };
    expect(reported({ input_tokens: 10, output_tokens: 5, total_tokens: 15, input_token_details })).toEqual({
      inputTokens: 1_210,
      outputTokens: 5,
      cacheReadTokens: 1_000,
      cacheWriteTokens: 200,
    });
  });

  it("adds cached tokens that Bedrock reports beside a longer input, and bills none of them as output", () => {
    const input_token_details = { cache_read: 1_000, cache_creation: 0 };
    expect(reported({ input_tokens: 2_000, output_tokens: 100, total_tokens: 3_100, input_token_details })).toEqual({
      inputTokens: 3_000,
      outputTokens: 100,
      cacheReadTokens: 1_000,
    });
  });

  it("counts thoughts that Gemini reports in the total only as output", () => {
    expect(reported({ input_tokens: 10, output_tokens: 5, total_tokens: 40 })).toEqual({
      inputTokens: 10,
      outputTokens: 30,
      reasoningTokens: 25,
    });
  });

  it("leaves reasoning tokens inside the output where the provider put them", () => {
    const output_token_details = { reasoning: 4 };
    expect(reported({ input_tokens: 10, output_tokens: 9, total_tokens: 19, output_token_details })).toEqual({
      inputTokens: 10,
      outputTokens: 9,
      reasoningTokens: 4,
    });
  });

  it("finds nothing where the provider reported nothing", () => {
    expect(usageOf(new AIMessage("Hi"))).toBeUndefined();
    expect(reported({})).toBeUndefined();
    expect(reported({ input_token_details: {}, output_token_details: {} })).toBeUndefined();
  });

  it("takes what a client leaves out from the total, for 0 only where nothing was said, else for unknown", () => {
    expect(reported({ output_tokens: 5, total_tokens: 12 })).toEqual({ inputTokens: 7, outputTokens: 5 });
    expect(reported({ input_tokens: 5, total_tokens: 12 })).toEqual({ inputTokens: 5, outputTokens: 7 });
    const silent = new AIMessage({ content: "", usage_metadata: { input_tokens: 5 } as UsageMetadata });
    expect(usageOf(silent)).toEqual({ inputTokens: 5, outputTokens: 0 });
    expect(reported({ input_tokens: 5 })).toBeUndefined();
    expect(reported({ output_tokens: 5 })).toBeUndefined();
    expect(reported({ input_tokens: 0, output_tokens: 5 })).toEqual({ inputTokens: 0, outputTokens: 5 });
  });

  it("reads counts that are texts as numbers", () => {
    const strings = {
      input_tokens: "10",
      output_tokens: "5",
      total_tokens: "15",
      input_token_details: { cache_read: "4" },
    };
    expect(reported(strings as never)).toEqual({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 });
    expect(reported({ input_tokens: "10.0", output_tokens: 5.4 } as never)).toEqual({
      inputTokens: 10,
      outputTokens: 5,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, null, "", "ten", "010", "1e3", "-5", "0x10", {}, [], true, 10n])(
    "knows nothing where a part is no count: %s",
    (value) => {
      expect(reported({ input_tokens: value, output_tokens: 5 } as never)).toBeUndefined();
      expect(reported({ input_tokens: 10, output_tokens: value } as never)).toBeUndefined();
      const details = { input_token_details: { cache_read: value }, output_token_details: { reasoning: value } };
      const whole = { input_tokens: 10, output_tokens: 5, total_tokens: value, ...details };
      expect(reported(whole as never)).toEqual({ inputTokens: 10, outputTokens: 5 });
    },
  );

  it("gives finite counts or none, whatever is reported", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), fc.anything(), (input, output, total, cache) => {
        const usage = {
          input_tokens: input,
          output_tokens: output,
          total_tokens: total,
          input_token_details: { cache_read: cache },
        };
        for (const count of Object.values(reported(usage as never) ?? {})) {
          expect(Number.isInteger(count) && count >= 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never gives a negative count or NaN, nor more cached tokens than input", () => {
    const count = fc.option(fc.nat(10_000), { nil: undefined });
    const details = fc.option(fc.record({ cache_read: count, cache_creation: count }), { nil: undefined });
    fc.assert(
      fc.property(count, count, count, details, (input, output, total, input_token_details) => {
        const usage = { input_tokens: input, output_tokens: output, total_tokens: total, input_token_details };
        const found = reported(usage as Partial<UsageMetadata>);
        if (found === undefined) return;
        for (const tokens of Object.values(found)) expect(tokens).toBeGreaterThanOrEqual(0);
        const cached = (found.cacheReadTokens ?? 0) + (found.cacheWriteTokens ?? 0);
        expect(cached).toBeLessThanOrEqual(found.inputTokens);
        expect(costOf(found, { input: 1, output: 1, cacheRead: 0.1 })).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("usageOf › without usage_metadata", () => {
  it("reads what OpenAI's client left in the response, without details", () => {
    const usage = { prompt_tokens: 12, completion_tokens: 3 };
    expect(usageOf(new AIMessage({ content: "Hi", response_metadata: { usage } }))).toEqual({
      inputTokens: 12,
      outputTokens: 3,
    });
  });

  it("takes output that is no count from the total, also of an answer without text", () => {
    const usage_metadata = { input_tokens: 10, output_tokens: Number.NaN, total_tokens: 15 };
    expect(usageOf(new AIMessage({ content: "", usage_metadata }))).toEqual({ inputTokens: 10, outputTokens: 5 });
  });
});

describe("usageOf › of nothing", () => {
  it("knows no usage where all counts are 0", () => {
    expect(reported({ input_tokens: 0, output_tokens: 0, total_tokens: 0 })).toBeUndefined();
  });
});

describe("countOf", () => {
  it.each([
    ["12", 12],
    [" 12 ", 12],
    ["12.00", 12],
    ["12.", 12],
    ["0", 0],
    [1.6, 2],
  ])("reads %j as %d", (reported, count) => {
    expect(countOf(reported)).toBe(count);
  });

  it.each(["010", "1.5", "-1", "", "1e3", "9".repeat(16), -5, Number.NaN, Infinity, null, undefined, true, [1]])(
    "reads no count of %o",
    (reported) => {
      expect(countOf(reported)).toBeUndefined();
    },
  );
});

describe("summable", () => {
  const chunk = (usage: object) => new AIMessageChunk({ content: "a", usage_metadata: summable(usage as never) });

  it("makes sums over a stream sums, of texts too", () => {
    const all = [
      { input_tokens: "10", output_tokens: "1", total_tokens: "11" },
      { output_tokens: "2" },
      { output_tokens: 3 },
    ];
    const whole = all.map(chunk).reduce((one, other) => one.concat(other));
    expect(usageOf(whole as never)).toEqual({ inputTokens: 10, outputTokens: 6 });
  });

  it("leaves the whole unknown where one part is no count, and a chunk with none as it is", () => {
    const all = [{ input_tokens: 10, output_tokens: 1 }, { output_tokens: null }, { output_tokens: 3 }];
    expect(usageOf(all.map(chunk).reduce((one, other) => one.concat(other)) as never)).toBeUndefined();
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3, output_token_details: { audio: 1 } };
    expect(summable(usage)).toEqual(usage);
    expect(summable({} as never)).toEqual({});
    expect(Object.keys(summable({ ...usage, output_tokens: undefined as never }))).not.toContain("output_tokens");
  });
});

describe("estimateTokens", () => {
  it("counts a script that needs more bytes as more tokens", () => {
    expect(["r".repeat(100), "雨".repeat(100)].map(estimateTokens)).toEqual([25, 75]);
  });

  it("counts four characters as a token, and part of one as a whole", () => {
    expect(["", "a", "abcd", "abcde"].map(estimateTokens)).toEqual([0, 1, 1, 2]);
  });
});

describe("estimateMessages", () => {
  it("counts the text of messages and nothing for a picture", () => {
    const picture = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(4_000)}` } };
    const seen = new HumanMessage({ content: [{ type: "text", text: "12345678" }, picture] });
    expect(estimateMessages([seen])).toBe(2);
    expect(estimateMessages([])).toBe(0);
  });

  it("counts what is between two messages, and tool calls, those included that could not be read", () => {
    expect(estimateMessages([new HumanMessage("1234"), new HumanMessage("1234")])).toBe(1 + 4 + 1);
    const args = { text: "x".repeat(4_000) };
    const calling = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "save", args }] });
    expect(estimateMessages([calling])).toBe(Math.ceil((4 + JSON.stringify(args).length) / 4));
    const broken = new AIMessage({
      content: "",
      invalid_tool_calls: [{ id: "1", name: "save", args: "x".repeat(4_000) }],
    });
    expect(estimateMessages([broken])).toBeGreaterThan(1_000);
    const both = new AIMessage({
      content: "",
      tool_calls: [{ id: "1", name: "save", args }],
      invalid_tool_calls: [{ id: "2", name: "save", args: "x" }],
    });
    expect(estimateMessages([both])).toBeGreaterThan(1_000);
  });
});

describe("costOf", () => {
  it("prices audio as such, and as text where no price of audio is known", () => {
    const usage = {
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      audioInputTokens: 400_000,
      audioOutputTokens: 100_000,
    };
    expect(costOf(usage, { input: 1, output: 2, audioInput: 10, audioOutput: 20 })).toBeCloseTo(0.6 + 4 + 1.8 + 2);
    expect(costOf(usage, { input: 1, output: 2 })).toBe(3);
  });

  it("prices audio that came from a cache as the cache", () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0, audioInputTokens: 600_000, cacheReadTokens: 800_000 };
    expect(costOf(usage, { input: 1, output: 2, cacheRead: 0.1, audioInput: 10 })).toBeCloseTo(0.08 + 2);
  });

  const million = 1_000_000;

  it("multiplies tokens with USD per million", () => {
    expect(costOf({ inputTokens: million, outputTokens: million }, { input: 2.5, output: 10 })).toBe(12.5);
  });

  it("is null where the price is unknown, and 0 where it is 0", () => {
    expect(costOf({ inputTokens: 1, outputTokens: 1 }, null)).toBeNull();
    expect(costOf({ inputTokens: 1, outputTokens: 1 }, { input: 0, output: 0 })).toBe(0);
  });

  it("bills cached tokens once, at their own price", () => {
    const usage = { inputTokens: million, outputTokens: 0, cacheReadTokens: 800_000, cacheWriteTokens: 100_000 };
    expect(costOf(usage, { input: 10, output: 0, cacheRead: 1, cacheWrite: 20 })).toBeCloseTo(1 + 0.8 + 2, 10);
    expect(costOf(usage, { input: 10, output: 0 })).toBeCloseTo(10, 10);
    expect(costOf(usage, { input: 10, output: 0, cacheRead: 0 })).toBeCloseTo(1 + 0 + 1, 10);
  });

  it("bills all tokens of a long request at the price of its tier, in whatever order the tiers stand", () => {
    const tier = (above: number, input: number) => ({ above, input, output: 0 });
    for (const longInput of [
      [tier(200, 2), tier(400, 4)],
      [tier(400, 4), tier(200, 2)],
    ]) {
      const costs = [200, 201, 400, 401].map((inputTokens) =>
        costOf({ inputTokens, outputTokens: 0 }, { input: 1, output: 0, longInput }),
      );
      expect(costs.map((cost) => Math.round(cost! * million))).toEqual([200, 402, 800, 1_604]);
    }
  });
});

describe("runningUsage", () => {
  const usages = (...counts: readonly (readonly [number, number])[]) =>
    counts.map(([input_tokens, output_tokens]) => {
      return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
    });

  it.each([
    [
      [10, 1],
      [10, 3],
      [10, 5],
    ],
    [
      [0, 0],
      [10, 5],
      [10, 5],
    ],
  ] as const)("is the last usage of a stream that counts from its beginning: %j, %j, %j", (...counts) => {
    expect(runningUsage([undefined, ...usages(...counts)])).toMatchObject({ input_tokens: 10, output_tokens: 5 });
  });

  it.each([
    [[10, 5]],
    [
      [10, 1],
      [0, 5],
    ],
    [
      [10, 0],
      [0, 3],
      [0, 5],
    ],
    [
      [10, 5],
      [10, 3],
    ],
    [
      [10, 5],
      [12, 6],
    ],
    [
      [0, 2],
      [0, 3],
    ],
  ] as const)("is none of usage in parts: %j", (...counts) =>
    expect(runningUsage(usages(...(counts as never as [number, number][])))).toBeUndefined(),
  );

  it("reads no usage that is no number", () => {
    expect(
      runningUsage([summable({ input_tokens: "x" } as never), summable({ input_tokens: "x" } as never)]),
    ).toBeUndefined();
    expect(runningUsage([undefined, undefined])).toBeUndefined();
  });
});

describe("usageMetadataOf", () => {
  it("gives the sum of a run in the shape of LangChain, details only where there are some", () => {
    const calls = [
      callOf({ usage: { inputTokens: 10, outputTokens: 5 } }),
      callOf({ usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 1, reasoningTokens: 2 } }),
      callOf({ status: "error", usage: undefined }),
    ];
    expect(usageMetadataOf(calls)).toEqual({
      input_tokens: 11,
      output_tokens: 7,
      total_tokens: 18,
      input_token_details: { cache_read: 1 },
      output_token_details: { reasoning: 2 },
    });
    const heard = callOf({ usage: { inputTokens: 9, outputTokens: 4, audioInputTokens: 7, audioOutputTokens: 2 } });
    expect(usageMetadataOf([...calls, heard])).toMatchObject({
      input_token_details: { cache_read: 1, audio: 7 },
      output_token_details: { reasoning: 2, audio: 2 },
    });
    const written = callOf({ usage: { inputTokens: 9, outputTokens: 4, cacheWriteTokens: 7 } });
    expect(usageMetadataOf([written]).input_token_details).toEqual({ cache_creation: 7 });
    expect(usageMetadataOf(calls.slice(0, 1))).toEqual({ input_tokens: 10, output_tokens: 5, total_tokens: 15 });
    expect(usageMetadataOf([])).toEqual({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
  });
});
