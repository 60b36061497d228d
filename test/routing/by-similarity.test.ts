import { describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { bySimilarity, type SimilarityOptions } from "../../src/routing/by-similarity.js";
import { firstOf } from "../../src/routing/first-of.js";
import { toChoice } from "../../src/routing/route.js";
import { httpError, saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

/** An embedder that counts three topics: near in meaning is near in vectors. */
function embedder() {
  const topics = [/loop|bug|test/gi, /sum|equation|solve/gi, /hello|morning/gi];
  const vectorOf = (text: string) => topics.map((topic) => text.match(topic)?.length ?? 0);
  return {
    embedDocuments: vi.fn(async (texts: string[]) => texts.map(vectorOf)),
    embedQuery: vi.fn(async (text: string) => vectorOf(text)),
  };
}

const examples = { code: ["a loop with a bug", "test"], math: ["solve the equation", "sum"] };

async function choose(question: string, options: Partial<SimilarityOptions<string>> = {}) {
  const route = bySimilarity<string>({ embeddings: embedder(), examples, threshold: 0.6, ...options });
  return toChoice(await route(routeTurn<string>(question, ["code", "math"]).turn));
}

describe("bySimilarity", () => {
  it("chooses the model whose example is nearest, and says which one and how near", async () => {
    expect(await choose("Please solve this sum, hello")).toEqual({
      name: "math",
      scores: { code: 0, math: 0.894427191 },
      threshold: 0.6,
      reason: 'similarity 0.894 to "solve the equation"',
    });
    expect((await choose("where is the bug?")).name).toBe("code");
  });

  it("makes no decision below the threshold, and decides exactly at it", async () => {
    expect(await choose("hello, hello, a bug")).toEqual({
      name: undefined,
      scores: { code: 0.447213595, math: 0 },
      threshold: 0.6,
      reason: 'no example is near enough: at most 0.447 to "a loop with a bug"',
    });
    expect((await choose("a loop with a bug", { threshold: 1 })).name).toBe("code");
    expect((await choose("bug and sum, bug and sum", { threshold: 0.7 })).name).toBe("code"); // key order breaks ties
  });

  it("takes the mean of several neighbours where it is told to", async () => {
    const mixed = { code: ["loop", "morning"], math: ["test, test, test the sum"] };
    expect((await choose("loop", { examples: mixed })).scores).toEqual({ code: 1, math: 0.948683298 });
    const mean = await choose("loop", { examples: mixed, neighbours: 2 });
    expect(mean).toMatchObject({ name: "math", scores: { code: 0.5, math: 0.948683298 } });
  });

  it("embeds the examples once, not before the first run, also when runs come at once", async () => {
    const embeddings = embedder();
    const route = bySimilarity<string>({ embeddings, examples, threshold: 0.5 });
    expect(embeddings.embedDocuments).not.toHaveBeenCalled();
    const { turn } = routeTurn<string>("a bug");
    await Promise.all([route(turn), route(turn), route(turn)]);
    await route(turn);
    expect(embeddings.embedDocuments.mock.calls).toEqual([[[...examples.code, ...examples.math]]]);
    expect(embeddings.embedQuery).toHaveBeenCalledTimes(4);
  });

  it("makes no decision when the embedder fails, and tries again in the next run", async () => {
    const embeddings = embedder();
    embeddings.embedDocuments.mockRejectedValueOnce(httpError(503));
    embeddings.embedQuery.mockResolvedValueOnce([1, 0, 0]).mockRejectedValueOnce(httpError(401));
    const route = bySimilarity<string>({ embeddings, examples, threshold: 0.5 });
    const run = async () => toChoice(await route(routeTurn<string>("a bug").turn));
    expect(await run()).toEqual({ name: undefined, threshold: 0.5, reason: "the embedder failed (server)" });
    expect((await run()).reason).toBe("the embedder failed (authentication)");
    expect((await run()).name).toBe("code");
    expect(embeddings.embedDocuments).toHaveBeenCalledTimes(2);
  });

  it("waits no longer than its timeout, and ends with the run", async () => {
    const never = { ...embedder(), embedQuery: () => new Promise<number[]>(() => {}) };
    expect((await choose("a bug", { embeddings: never, timeout: 5 })).reason).toBe("the embedder failed (timeout)");
    const stop = new AbortController();
    const route = bySimilarity<string>({ embeddings: never, examples, threshold: 0.5 });
    const run = route({ ...routeTurn<string>("a bug").turn, config: { signal: stop.signal } });
    stop.abort(new Error("the caller left"));
    await expect(run).rejects.toThrow("the caller left");
  });

  it("makes no decision of vectors that cannot be compared", async () => {
    expect((await choose("nothing known")).reason).toBe("the embedder gave vectors that cannot be compared");
    const odd = { ...embedder(), embedQuery: async () => [1, 2] };
    expect((await choose("a bug", { embeddings: odd })).name).toBeUndefined();
    const few = { ...embedder(), embedDocuments: async () => [[1, 0, 0]] };
    expect((await choose("a bug", { embeddings: few })).reason).toMatch(/^the embedder failed/);
  });

  it("does not embed an empty text", async () => {
    const embeddings = embedder();
    expect(await choose("  ", { embeddings })).toEqual({ name: undefined, reason: "there is no text to compare" });
    expect(embeddings.embedQuery).not.toHaveBeenCalled();
  });

  it.each<[Partial<SimilarityOptions<string>>]>([
    [{ examples: {} }],
    [{ examples: { code: [] } }],
    [{ examples: { code: [""] } }],
    [{ examples: { code: "loop" as never } }],
    [{ embeddings: {} as never }],
    [{ embeddings: undefined as never }],
    [{ threshold: 1.1 }],
    [{ threshold: Number.NaN }],
    [{ neighbours: 0 }],
    [{ timeout: -1 }],
  ])("refuses %o when it is made", (options) => {
    const all = { embeddings: embedder(), examples, threshold: 0.5, ...options };
    expect(() => bySimilarity<string>(all)).toThrow(InvalidOptionError);
  });

  it("routes runs of a graph, and leaves the rest to the next route", async () => {
    const models = { code: saying("c"), math: saying("m"), chat: saying("h", "h") };
    const similar = bySimilarity({ embeddings: embedder(), examples, threshold: 0.5 });
    const graph = createRouter({ models, route: firstOf(similar, () => "chat") }).compile();
    const run = async (messages: string) => (await graph.invoke({ messages })).modelUsed;
    expect([await run("a bug"), await run("an equation"), await run("hello")]).toEqual(["code", "math", "chat"]);
    const { decisions } = await graph.invoke({ messages: "good morning" });
    expect(decisions).toMatchObject([{ chosen: "chat", reason: expect.stringContaining("no example is near enough") }]);
  });
});
