import { describe, expect, it } from "vitest";
import { asChatModel, createFallback, InvalidOptionError, type ModelEntry } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const build = (fields: object) => () =>
  createFallback({ models: { fast: { model: saying("A"), ...fields } as unknown as ModelEntry } });

describe("an entry", () => {
  it.each([
    [
      { limit: { concurency: 2 } },
      "createFallback.models.fast.limit.concurency is 2; the options are concurrency, requestsPerMinute, tokensPerMinute, queueMs, replyBytes, store, leaseMs, key; did you mean concurrency?",
    ],
    [
      { limit: { perMinute: 5 } },
      "createFallback.models.fast.limit.perMinute is 5; the options are concurrency, requestsPerMinute, tokensPerMinute, queueMs, replyBytes, store, leaseMs, key",
    ],
    [{ retry: { retries: 2 } }, "createFallback.models.fast.retry.retries is 2; the options are maxRetries, backoff"],
    [
      { coolDown: { maxMS: 2 } },
      "createFallback.models.fast.coolDown.maxMS is 2; the options are maxMs; did you mean maxMs?",
    ],
    [
      { price: { input: 1, output: 2, cached: 1 } },
      "createFallback.models.fast.price.cached is 1; the options are input, output, cacheRead, cacheWrite, audioInput, audioOutput, longInput",
    ],
    [
      { price: { input: 1, output: 2, longInput: [{ over: 5, input: 1, output: 1 }] } },
      "createFallback.models.fast.price.longInput[0].over is 5; the options are input, output, cacheRead, cacheWrite, audioInput, audioOutput, above",
    ],
    [{ timeOut: 5 }, "createFallback.models.fast.timeOut is 5; an entry has"],
  ])("refuses %o by name", (fields, message) => {
    expect(build(fields)).toThrow(InvalidOptionError);
    expect(build(fields)).toThrow(message);
  });

  it.each([
    { limit: 5 },
    { limit: { concurrency: 0 } },
    { coolDown: { maxMs: -1 } },
    { coolDown: 5 },
    { retry: 3 },
    { retry: { maxRetries: -1 } },
    { price: "free" },
    { price: { input: 1 } },
    { price: { input: 1, output: 2, longInput: {} } },
    { price: { input: 1, output: 2, longInput: [5] } },
    { price: { input: 1, output: 2, longInput: [{ above: "1", input: 1, output: 1 }] } },
  ])("refuses %o", (fields) => {
    expect(build(fields)).toThrow(InvalidOptionError);
  });

  it("accepts what works", () => {
    const longInput = [{ above: 200_000, input: 2, output: 4 }];
    for (const fields of [
      { limit: {}, retry: false, coolDown: {}, price: null },
      { limit: { concurrency: 2 }, retry: { maxRetries: 0, backoff: [0] }, coolDown: { maxMs: 0 } },
      { price: { input: 1, output: 2, cacheRead: undefined, cacheWrite: 1, longInput } },
    ])
      expect(build(fields)).not.toThrow();
  });
});

describe("the context of a run", () => {
  const chain = () => createFallback({ models: { a: saying("A", "A", "A") } });
  it.each([
    ["maxCostUsd", -0.01, "give dollars"],
    ["deadlineMs", 0, "give ms above 0"],
    ["stream", "whole", '"live" or "committed"'],
  ])("is refused with %s, before anything is paid, wherever it is given", async (key, value, instead) => {
    const context = { [key]: value, userId: "u-1" } as never;
    const expected = { name: "InvalidOptionError", message: expect.stringContaining(instead) };
    const models = { inner: chain() };
    const a = saying("never");
    await expect(
      createFallback({ models: { a } }).compile().invoke({ messages: "Hi" }, { context }),
    ).rejects.toMatchObject(expected);
    expect(a.callCount).toBe(0);
    await expect(createFallback({ models }).compile().invoke({ messages: "Hi" }, { context })).rejects.toMatchObject(
      expected,
    );
    await expect(asChatModel(chain()).invoke("Hi", { context })).rejects.toMatchObject(expected);
    expect(() => asChatModel(chain(), { context })).toThrow(`asChatModel.context.${key}`);
  });

  it("keeps fields of the user's own, and settings that are not set", async () => {
    const context = { userId: "u-1", maxCostUsd: undefined, task: "chat" } as never;
    expect((await chain().compile().invoke({ messages: "Hi" }, { context })).modelUsed).toBe("a");
  });
});
