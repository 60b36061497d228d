import { describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { useLoopback } from "../../support/use-loopback.js";
import { load } from "../support/parse.js";

const { server } = useLoopback();
const file = (fields: string) =>
  load(
    `models: { small: { provider: openai-compatible, model: gpt-4o-mini, baseUrl: "${server.openaiUrl}", ${fields} } }`,
  );

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
