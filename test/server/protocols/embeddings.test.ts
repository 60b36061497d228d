import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, serve } from "../../../src/server/index.js";
import { saying } from "../../support/fakes.js";

const small = {
  embedQuery: async () => [1, 0],
  embedDocuments: async (texts: string[]) => texts.map((text) => [text.length, 0.5]),
};
const broken = {
  embedQuery: async () => [1],
  embedDocuments: async () => Promise.reject(new Error("sk-proj-0123456789abcdefABCDEF at http://10.0.0.1/v1")),
};

describe("POST /v1/embeddings", () => {
  let server: RunningServer;
  let client: OpenAI;
  beforeAll(async () => {
    server = await serve(
      { models: { it: saying("So.") }, embeddings: { small, broken }, onError: () => {} },
      { port: 0 },
    );
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
  });
  afterAll(() => server.close());

  it("embeds a text and a list of texts, as floats and as OpenAI's client asks for them", async () => {
    const { data, model } = await client.embeddings.create({ model: "small", input: ["one", "three"] });
    expect(model).toBe("small");
    expect(data.map(({ embedding, index }) => [index, ...embedding])).toEqual([
      [0, 3, 0.5],
      [1, 5, 0.5],
    ]);
    const floats = await client.embeddings.create({ model: "small", input: "one", encoding_format: "float" });
    expect(floats.data[0]!.embedding).toEqual([3, 0.5]);
  });

  it("refuses an unknown embedder, tokens and dimensions", async () => {
    await expect(client.embeddings.create({ model: "large", input: "one" })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
    await expect(client.embeddings.create({ model: "small", input: [1, 2] })).rejects.toMatchObject({ status: 400 });
    await expect(client.embeddings.create({ model: "small", input: "one", dimensions: 2 })).rejects.toMatchObject({
      param: "dimensions",
    });
  });

  it("shows a failure without keys and addresses", async () => {
    const error = await client.embeddings.create({ model: "broken", input: "one" }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ status: 502, code: "embedding_failed" });
    expect(String(error)).not.toMatch(/sk-proj|10\.0\.0\.1/);
  });
});
