import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { type FakeBuiltModel, fakeModel } from "@langchain/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallTimeoutError, InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import type { ObservedLatency } from "../../src/resilience/latency.js";
import { byLatency, type LatencyOptions } from "../../src/routing/by-latency.js";
import { latencyOptimized } from "../../src/routing/latency-optimized.js";
import { toChoice } from "../../src/routing/route.js";
import { httpError } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";
import { routeTurn } from "./turn.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const minute = 60_000;
const seen = (ms: number, answered = true) => ({ ms, answered, samples: 10 });

/** What the route chooses where models were seen to take so long. */
async function choose(latencies: Record<string, ObservedLatency | undefined>, options: LatencyOptions) {
  const models = Object.entries(latencies).map(([name, latency]) => ({ name, latency: () => latency }));
  return toChoice(await byLatency<string>(options)(routeTurn("Hi", models).turn));
}

describe("byLatency", () => {
  it("chooses the first model in key order that meets the deadline, and says which ones did not", async () => {
    expect(await choose({ large: seen(3_100), medium: seen(900), small: seen(90) }, { deadlineMs: 1_000 })).toEqual({
      name: "medium",
      scores: { large: 3_100, medium: 900 },
      threshold: 1_000,
      skipped: [{ name: "large", reason: "90 % of its last 10 calls were answered within 3100 ms" }],
      reason: "90 % of its last 10 calls were answered within 900 ms",
    });
  });

  it("accepts a model that is exactly in time", async () => {
    expect((await choose({ large: seen(1_000), small: seen(10) }, { deadlineMs: 1_000 })).name).toBe("large");
    expect((await choose({ large: seen(1_001), small: seen(10) }, { deadlineMs: 1_000 })).name).toBe("small");
  });

  it("tries a model nobody timed when its turn comes, before any that is worse or too slow", async () => {
    const unseen = await choose({ large: undefined, small: seen(10) }, { deadlineMs: 1_000 });
    expect(unseen).toMatchObject({ name: "large", reason: "large has no recent times" });
    expect((await choose({ large: seen(2_000), small: undefined }, { deadlineMs: 1_000 })).name).toBe("small");
    expect((await choose({ large: seen(10), small: undefined }, { deadlineMs: 1_000 })).name).toBe("large");
  });

  it("chooses the fastest when none meets the deadline", async () => {
    const choice = await choose({ large: seen(3_000), small: seen(1_200), odd: seen(1_200) }, { deadlineMs: 1_000 });
    expect(choice).toMatchObject({ name: "small", scores: { large: 3_000, small: 1_200, odd: 1_200 } });
    expect(choice.reason).toBe(
      "no model meets the deadline, small is the fastest: 90 % of its last 10 calls were answered within 1200 ms",
    );
  });

  it("does not take a short time-out for a fast answer", async () => {
    expect((await choose({ down: seen(200, false), small: seen(900) }, { deadlineMs: 1_000 })).name).toBe("small");
    expect((await choose({ down: seen(200, false), small: seen(9_000) }, { deadlineMs: 1_000 })).name).toBe("small");
    const down = await choose({ a: seen(200, false), b: seen(100, false) }, { deadlineMs: 1_000 });
    expect(down).toMatchObject({ name: "b", reason: expect.stringContaining("fewer than 90 %") });
  });

  it("asks for the share of calls it was given, as a fraction or a percentage", async () => {
    const latency = vi.fn(() => seen(1));
    for (const percentile of [0.95, 95, 0.5, 1, undefined]) {
      const { turn } = routeTurn<"a">("Hi", [{ name: "a", latency }]);
      await byLatency<"a">({ deadlineMs: 500, ...(percentile && { percentile }) })(turn);
    }
    expect(latency.mock.calls).toEqual([0.95, 0.95, 0.5, 1, 0.9].map((share) => [share, 500]));
  });

  it("makes no decision without models, and takes models that cannot be timed for unseen ones", async () => {
    expect((await choose({}, { deadlineMs: 5 })).name).toBeUndefined();
    expect(toChoice(await byLatency<"a">({ deadlineMs: 5 })(routeTurn("Hi", ["a" as const]).turn)).name).toBe("a");
  });

  it.each([
    { deadlineMs: -1 },
    { deadlineMs: Number.NaN },
    { deadlineMs: Infinity },
    { deadlineMs: "5" as never },
    { deadlineMs: 5, percentile: 0 },
    { deadlineMs: 5, percentile: 101 },
    { deadlineMs: 5, percentile: Number.NaN },
  ])("refuses %o when it is made", (options) => {
    expect(() => byLatency(options)).toThrow(InvalidOptionError);
  });
});

/** Answers after so many ms each time, on a clock of its own; an error after 20 ms. */
function taking(...times: readonly (number | Error)[]): FakeBuiltModel {
  return times.reduce<FakeBuiltModel>(
    (model, time) =>
      model.respond(() => {
        vi.setSystemTime(Date.now() + (typeof time === "number" ? time : 20));
        return typeof time === "number" ? new AIMessage("done") : time;
      }),
    fakeModel(),
  );
}

describe("byLatency in createRouter", () => {
  it("leaves a slow model after one answer, tries it again 5 minutes later, and stays when it has recovered", async () => {
    const models = { large: taking(3_000, 2_000, 100, 100), small: taking(50, 50, 50) };
    const graph = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }) }).compile();
    const run = async () => (await graph.invoke({ messages: "Hi" })).modelUsed;
    expect([await run(), await run(), await run()]).toEqual(["large", "small", "small"]);
    vi.setSystemTime(Date.now() + 5 * minute);
    expect([await run(), await run()]).toEqual(["large", "small"]);
    vi.setSystemTime(Date.now() + 5 * minute);
    expect([await run(), await run()]).toEqual(["large", "large"]);
  });

  it("goes round an outage and does not banish the model for ever", async () => {
    const down = new CallTimeoutError("timeout", 200);
    const large = taking(down, httpError(500), 30, 30);
    const models = { large: { model: large, retry: false as const }, small: taking(50, 50) };
    const graph = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }), fallback: taking(1) }).compile();
    const run = async () => (await graph.invoke({ messages: "Hi" })).modelUsed;
    expect([await run(), await run()]).toEqual(["fallback", "small"]);
    vi.setSystemTime(Date.now() + 5 * minute);
    const second = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }), fallback: taking(1) }).compile();
    expect((await second.invoke({ messages: "Hi" })).modelUsed).toBe("fallback");
    expect(await run()).toBe("small"); // another graph over the same client knows
    vi.setSystemTime(Date.now() + 5 * minute);
    expect([await run(), await run()]).toEqual(["large", "large"]);
  });

  it("does not choose a model again and again that always fails", async () => {
    const large = taking(httpError(401), httpError(401), httpError(401));
    const models = { large, small: taking(50, 50) };
    const graph = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }), fallback: taking(1) }).compile();
    const used: (string | undefined)[] = [];
    for (let run = 0; run < 3; run++) used.push((await graph.invoke({ messages: "Hi" })).modelUsed);
    expect(used).toEqual(["fallback", "small", "small"]);
    expect(large.callCount).toBe(1);
  });

  itOverClients("sends one of many runs to a model nobody timed, the others to the last", async ({ client, asked }) => {
    let answer = () => {};
    const late = new Promise<string>((resolve) => {
      answer = () => resolve("late");
    });
    const models = { waiting: client("waiting", () => late), small: client("small", () => "soon") };
    const graph = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }) }).compile();
    const used: (string | undefined)[] = [];
    const runs = Array.from({ length: 20 }, async () => used.push((await graph.invoke({ messages: "Hi" })).modelUsed));
    await vi.waitFor(() => expect(used).toHaveLength(19), { timeout: 300_000 });
    expect(asked()).toEqual({ waiting: 1, small: 19 });
    answer();
    await Promise.all(runs);
    expect(used.at(-1)).toBe("waiting");
  });

  it("records the decision with scores, threshold, and a skip for each better model that is too slow", async () => {
    const models = { large: taking(3_000), small: taking(50, 50) };
    const graph = createRouter({ models, route: byLatency({ deadlineMs: 1_000 }) }).compile();
    for (let run = 0; run < 2; run++) await graph.invoke({ messages: "Hi" });
    const { decisions, route } = await graph.invoke({ messages: "Hi" });
    expect(route).toBe("small");
    expect(decisions).toEqual([
      { node: "router", kind: "skip", chosen: "large", reason: expect.stringContaining("within 3000 ms") },
      {
        node: "router",
        kind: "route",
        chosen: "small",
        candidates: ["large", "small"],
        scores: { large: 3_000, small: 50 },
        threshold: 1_000,
        reason: "90 % of its last 1 calls were answered within 50 ms",
      },
    ]);
  });

  it("times answers only, not what a model says as a classifier or judge", async () => {
    const both = taking(2_000, 1, 2_000, 1);
    const route = createRouter({
      models: { both, other: taking(5) },
      route: async (turn) => {
        await turn.ask(turn.messages, { model: both });
        return byLatency<"both" | "other">({ deadlineMs: 1_000 })(turn);
      },
    }).compile();
    expect((await route.invoke({ messages: "Hi" })).modelUsed).toBe("both");
    const { decisions } = await route.invoke({ messages: "Hi" });
    expect(decisions[0]).toMatchObject({ kind: "route", chosen: "both", scores: { both: 1 } });
  });
});

describe("latencyOptimized", () => {
  it("chooses the fastest model that can read the request", async () => {
    const models = [
      { name: "large", capabilities: ["vision"], latency: () => seen(300) },
      { name: "small", capabilities: [], latency: () => seen(40) },
    ] as const;
    const choose = async (question: string | BaseMessage[]) =>
      toChoice(await latencyOptimized<string>()(routeTurn<string>(question, models).turn));
    expect(await choose("Hi")).toMatchObject({ name: "small", scores: { large: 300, small: 40 } });
    expect(await choose("Hi")).toMatchObject({ reason: expect.stringMatching(/; small is the fastest: 90 % of/) });
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
    expect((await choose([new HumanMessage({ content: [image] })])).name).toBe("large");
  });

  it("keeps to the fastest among those that have tools, within a tool loop", async () => {
    const models = [
      { name: "slow", capabilities: ["tools"], latency: () => seen(9_000) },
      { name: "quick", capabilities: ["tools"], latency: () => seen(200) },
      { name: "bare", capabilities: [], latency: () => seen(20) },
    ] as const;
    const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "add", args: {} }] });
    const { turn } = routeTurn<string>([new HumanMessage("Hi"), call], models);
    expect(await latencyOptimized<string>()(turn)).toMatchObject({
      name: "quick",
      scores: { slow: 9_000, quick: 200 },
      skipped: [{ name: "bare", reason: "it has no tools" }],
    });
  });

  it("tries each model once and stays with the fastest", async () => {
    const models = { large: taking(300), small: taking(40, 40, 40), medium: taking(90) };
    const graph = createRouter({ models, route: latencyOptimized() }).compile();
    const used: (string | undefined)[] = [];
    for (let run = 0; run < 5; run++) used.push((await graph.invoke({ messages: "Hi" })).modelUsed);
    expect(used).toEqual(["large", "small", "medium", "small", "small"]);
  });
});
