import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { failWith, type LoopbackRequest, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";
import { type Child, startChild } from "./start-child.js";

describe.skipIf(noRedis !== undefined)("processes over one Redis", () => {
  let redis: RedisServer;
  let server: LoopbackServer;
  let children: Child[] = [];
  let onPaid: (process: string) => void = () => {};
  const requests = (model: string) => server.requests.filter((request) => request.model === model).length;

  /** Bills 1, 2 or 3 dollars for each request as it arrives, whether or not the process that sent it lives to see the answer. */
  let paid: number[] = [];
  const billed = () => paid.reduce((sum, cost) => sum + cost, 0);
  function reply({ model, messages }: LoopbackRequest) {
    if (model === "down") return failWith.server();
    if (model === "held" && messages[0]!.text === "dying") return failWith.hang();
    if (model !== "paid") return "yes";
    const outputTokens = 1 + (paid.length % 3);
    paid.push(outputTokens);
    onPaid(messages[0]!.text);
    return { text: "yes", usage: { inputTokens: 1, outputTokens }, delayMs: 20 };
  }

  beforeAll(async () => {
    redis = await startRedis();
    server = await startLoopbackServer({ reply });
    children = await Promise.all(
      Array.from({ length: 4 }, (_, index) => startChild(redis.url, server.openaiUrl, `${index}`)),
    );
  });
  beforeEach(() => {
    paid = [];
    onPaid = () => {};
  });
  afterAll(async () => {
    await Promise.all(children.map((child) => child.stop()));
    await server.close();
    await redis.stop();
  });

  it("skips a model whose breaker another process opened", async () => {
    for (let run = 0; run < 3; run++) await children[0]!.run({ graph: "breaker", runs: 1 });
    expect(requests("down")).toBe(3);
    const [first] = (await children[1]!.run({ graph: "breaker", runs: 1 }))!;
    const [second] = (await children[1]!.run({ graph: "breaker", runs: 1 }))!;
    expect(requests("down")).toBe(3);
    expect([first!.used, second!.used]).toEqual(["other", "other"]);
    expect(second!.decisions!.join()).toMatch(/breaker open until/);
  });

  it("shares the requests per minute", async () => {
    await children[0]!.run({ graph: "limit", runs: 3 });
    const others = await children[1]!.run({ graph: "limit", runs: 6 });
    expect(requests("limited")).toBe(5);
    expect(others!.filter(({ used }) => used === "other")).toHaveLength(4);
  });

  it("shares places, and gives back those of a killed process", async () => {
    const dying = await startChild(redis.url, server.openaiUrl, "dying");
    const lost = dying.run({ graph: "places", runs: 3 });
    await expect.poll(() => requests("held"), { timeout: 60_000 }).toBe(2);
    const waiting = children[0]!.run({ graph: "places", runs: 3 });
    await children[1]!.run({ graph: "cache", runs: 1 });
    expect(requests("held")).toBe(2);
    dying.kill();
    expect(await lost).toBeUndefined();
    expect((await waiting)!.map(({ used }) => used)).toEqual(["held", "held", "held"]);
    expect(requests("held")).toBe(5);
  });

  it("answers from a cache that another process filled", async () => {
    await children[0]!.run({ graph: "cache", runs: 1 });
    const [run] = (await children[1]!.run({ graph: "cache", runs: 1 }))!;
    expect([run!.calls, requests("cached")]).toEqual([["cached"], 1]);
  });

  it("spends at most one budget in 1,000 runs at once, and at least 95 % of it, though two processes are killed", async () => {
    const limit = 2_400; // 800 worst cases of 3 dollars fit at once, so that each process of 250 runs has at least 50 of them
    const seen = new Map<string, number>();
    onPaid = (process) => {
      const count = 1 + (seen.get(process) ?? 0);
      seen.set(process, count);
      if (count === 20 && Number(process) > 1) children[Number(process)]!.kill();
    };
    const ended = await Promise.all(children.map((child) => child.run({ graph: "budget", runs: 250 })));
    expect(ended.map((runs) => runs?.length)).toEqual([250, 250, undefined, undefined]);
    expect(billed()).toBeLessThanOrEqual(limit);
    const more = (runs: number) =>
      Promise.all(children.slice(0, 2).map((child) => child.run({ graph: "budget", runs })));
    while (billed() < 0.95 * limit) await more(25); // what the killed ones held comes back when their leases end
    for (let before = -1; before < billed(); ) {
      before = billed();
      const errors = (await more(25)).flatMap((runs) => runs!.flatMap(({ error }) => error ?? []));
      expect(errors.filter((error) => error !== "BudgetExceededError")).toEqual([]);
    }
    expect(billed()).toBeLessThanOrEqual(limit);
    expect(billed()).toBeGreaterThanOrEqual(0.95 * limit);
  });
});
