import { describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { useLoopback } from "../../support/use-loopback.js";
import { load } from "../support/parse.js";

const { server } = useLoopback();
const file = (fields: string) =>
  load(
    `models: { small: { provider: openai-compatible, model: gpt-4o-mini, baseUrl: "${server.openaiUrl}", ${fields} } }`,
  );

describe("hedge of a model in a file", () => {
  it("is the entry's", async () => {
    expect((await file("hedge: { afterMs: 800 }")).models.small!.hedge).toEqual({ afterMs: 800 });
    const { hedge } = (await file("hedge: { percentile: 0.95, maxExtra: 0.2 }")).models.small!;
    expect(hedge).toEqual({ percentile: 0.95, maxExtra: 0.2 });
  });

  it("is one of the two forms", async () => {
    await expect(file("hedge: { afterMs: 1, percentile: 0.5 }")).rejects.toThrow("hedge");
    await expect(file("hedge: { percentile: 1 }")).rejects.toThrow("hedge");
  });
});

describe("cache of a model in a file", () => {
  it("gives the answer to the same request again", async () => {
    const { models } = await file("cache: { ttlMs: 60000 }");
    const graph = createFallback({ models: { small: models.small! } }).compile();
    await graph.invoke({ messages: "Hi" });
    expect((await graph.invoke({ messages: "Hi" })).calls).toMatchObject([{ status: "cached" }]);
    expect(server.requests).toHaveLength(1);
  });

  it("needs a time to live", async () => {
    await expect(file("cache: {}")).rejects.toThrow("ttlMs");
    await expect(file("cache: { ttlMs: 0 }")).rejects.toThrow("ttlMs");
  });
});
