import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import {
  type Chaos,
  type ChaosFault,
  type ChaosOptions,
  chaos,
  failWith,
  type LoopbackServer,
  startLoopbackServer,
} from "../../src/testing/index.js";
import { KEY } from "./clients.js";

const client = (server: LoopbackServer, model: string) =>
  new ChatOpenAI({ model, apiKey: KEY, maxRetries: 0, configuration: { baseURL: server.openaiUrl } });

/** Faults that end by themselves. */
const short: readonly ChaosFault[] = ["rateLimit", "quota", "reset", "serverError", "authentication", "badRequest"];

async function drawn(models: readonly string[], options: ChaosOptions): Promise<Chaos> {
  const upstream = chaos({ faults: short, ...options });
  await using server = await startLoopbackServer({ reply: upstream });
  for (const model of models)
    await client(server, model)
      .invoke("Hi")
      .catch(() => {});
  await server.settled();
  return upstream;
}
const faultsOf = ({ draws }: Chaos, model: string) =>
  draws.filter(({ request }) => request.model === model).map(({ fault = "-" }) => fault);

describe("chaos", () => {
  it("fails in the same way for the same seed, whatever other models are called between", async () => {
    const alone = await drawn(Array(20).fill("a"), { rate: 0.5, seed: 1 });
    const mixed = await drawn(Array(20).fill(["b", "a"]).flat(), { rate: 0.5, seed: 1 });
    const other = await drawn(Array(20).fill("a"), { rate: 0.5, seed: 2 });
    expect(faultsOf(mixed, "a")).toEqual(faultsOf(alone, "a"));
    expect(faultsOf(mixed, "b")).not.toEqual(faultsOf(alone, "a"));
    expect(faultsOf(other, "a")).not.toEqual(faultsOf(alone, "a"));
    expect(new Set(faultsOf(alone, "a")).size).toBeGreaterThan(3);
  });

  it("fails at the rate of each model", async () => {
    const upstream = await drawn(Array(10).fill(["a", "b", "c"]).flat(), { rate: { a: 1, b: 0 } });
    expect(faultsOf(upstream, "a")).not.toContain("-");
    expect(faultsOf(upstream, "b")).toEqual(Array(10).fill("-"));
    expect(faultsOf(upstream, "c")).toEqual(Array(10).fill("-"));
  });

  it("draws as often as the rate says", async () => {
    const request = (model: string) => ({ model, provider: "openai", tools: [], messages: [] }) as never;
    const upstream = chaos({ rate: 0.3, seed: "often" });
    await Promise.all(Array.from({ length: 2_000 }, () => upstream(request("a"))));
    const failed = upstream.draws.filter(({ fault }) => fault !== undefined);
    expect(failed.length).toBeGreaterThan(540);
    expect(failed.length).toBeLessThan(660);
    expect(new Set(failed.map(({ fault }) => fault)).size).toBe(27);
  });

  it("counts requests, faults and what a bill would say", async () => {
    const usage = { inputTokens: 10, outputTokens: 8 };
    const upstream = chaos({ rate: { a: 0, b: 1, c: 1, d: 1 }, faults: ["cut"], reply: { text: "abcd", usage } });
    await using server = await startLoopbackServer({ reply: upstream });
    await client(server, "a").invoke("Hi");
    await client(server, "b")
      .invoke("Hi")
      .catch(() => {});
    for await (const _ of await client(server, "a").stream("Hi"));
    await server.settled();
    expect(upstream.counts()).toEqual({
      a: { requests: 2, aborted: 0, faults: {}, inputTokens: 20, outputTokens: 16 },
      b: { requests: 1, aborted: 0, faults: { cut: 1 }, inputTokens: 10, outputTokens: 8 },
    });
  });

  it("bills of a broken stream what was sent, and nothing of an error", async () => {
    const usage = { inputTokens: 10, outputTokens: 8 };
    await using server = await startLoopbackServer();
    server.reply("cut", failWith.cut({ afterChunks: 2, text: "abcd" }));
    server.reply("error", failWith.server());
    server.reply("left", { text: "abcd", usage, chunkDelayMs: 60_000 });
    for (const model of ["cut", "error"]) {
      const stream = client(server, model).stream("Hi, you there");
      await expect(
        stream.then(async (chunks) => {
          for await (const _ of chunks);
        }),
      ).rejects.toThrow();
    }
    for await (const chunk of await client(server, "left").stream("Hi")) if (chunk.text === "a") break;
    await server.settled();
    const billed = server.requests.map((request) => [request.model, request.aborted, request.billed]);
    expect(billed).toEqual([
      ["cut", false, { inputTokens: 4, outputTokens: 1 }],
      ["error", false, undefined],
      ["left", true, { inputTokens: 10, outputTokens: 2 }],
    ]);
  });

  it("counts what the client gave up", async () => {
    const upstream = chaos({ rate: 1, faults: ["hang"] });
    await using server = await startLoopbackServer({ reply: upstream });
    const controller = new AbortController();
    const call = client(server, "a").invoke("Hi", { signal: controller.signal });
    await server.received(1);
    controller.abort();
    await expect(call).rejects.toThrow();
    await server.settled();
    expect(upstream.counts()).toEqual({
      a: { requests: 1, aborted: 1, faults: { hang: 1 }, inputTokens: 0, outputTokens: 0 },
    });
  });

  it("passes on failures of its own replies, and breaks its own answers", async () => {
    const upstream = chaos({
      rate: { b: 1 },
      faults: ["politeCut"],
      reply: ({ model }) => (model === "a" ? failWith.quota() : "abcd"),
    });
    await using server = await startLoopbackServer({ reply: upstream });
    await expect(client(server, "a").invoke("Hi")).rejects.toMatchObject({ code: "insufficient_quota" });
    let text = "";
    for await (const chunk of await client(server, "b").stream("Hi")) text += chunk.text;
    expect("abcd".startsWith(text) && text !== "abcd").toBe(true);
  });

  it("refuses rates and faults that are none", () => {
    expect(() => chaos({ rate: 30 })).toThrow(/rate is 30; give a share from 0 to 1/);
    expect(() => chaos({ rate: { a: Number.NaN } })).toThrow(RangeError);
    expect(() => chaos({ faults: ["timeout" as never] })).toThrow(/"timeout" is no fault; give rateLimit, /);
    expect(() => chaos({ faults: [] })).toThrow(/faults is empty/);
  });
});
