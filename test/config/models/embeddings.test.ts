// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { loadModels, parseConfig } from "../../../src/config/index.js";
import { createFallback } from "../../../src/index.js";
import { redact } from "../../../src/secrets/redact.js";
import { useLoopback } from "../../support/use-loopback.js";
import { keys, load, problemsOf } from "../support/parse.js";

/** Paths that were called, with the text of their bodies. */
const calls: { readonly path: string; readonly key: unknown }[] = [];
const vectorOf = (text: string) => (/bug|fails/.test(text) ? [1, 0] : [0, 1]);
const base64 = (vector: readonly number[]) => Buffer.from(new Float32Array(vector).buffer).toString("base64");

/** Answers requests for embeddings of OpenAI, Azure, Google and Ollama. */
const server = createServer(async (request, response) => {
  const body = JSON.parse(await new Response(request as unknown as ReadableStream).text());
  const path = request.url!;
  calls.push({
    path,
    key: request.headers.authorization ?? request.headers["api-key"] ?? request.headers["x-goog-api-key"],
  });
  const google = (part: { content: { parts: { text: string }[] } }) => ({
    values: vectorOf(part.content.parts[0]!.text),
  });
  const texts: string[] = [body.input ?? []].flat();
  const reply = path.includes(":batchEmbedContents")
    ? { embeddings: body.requests.map(google) }
    : path.includes(":embedContent")
      ? { embedding: google(body) }
      : path === "/api/embed"
        ? { embeddings: texts.map(vectorOf) }
        : {
            data: texts.map((text, index) => {
              const vector = vectorOf(text);
              return { index, embedding: body.encoding_format === "base64" ? base64(vector) : vector };
            }),
            usage: { prompt_tokens: 1, total_tokens: 1 },
          };
  response.setHeader("content-type", "application/json").end(JSON.stringify(reply));
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
afterEach(() => void vi.doUnmock("@langchain/google-vertexai"));

const routed = (embeddings: string) => `embeddings: ${embeddings}
models: { code: { provider: ollama, model: x }, chat: { provider: ollama, model: y } }
graphs: { g: { pattern: router, models: [code, chat], route: { examples: { code: [my loop fails], chat: [hello there] }, threshold: 0.5 }, fallback: chat } }`;

describe("embeddings of a file", () => {
  it.each([
    ["openai", "/v1", "/v1/embeddings", `Bearer ${keys.OPENAI_API_KEY}`],
    ["openai-compatible", "/v1", "/v1/embeddings", undefined],
    ["azure", "", "/openai/deployments/m/embeddings", keys.AZURE_OPENAI_API_KEY],
    ["google-genai", "", "/v1beta/models/m:", keys.GOOGLE_API_KEY],
    ["ollama", "", "/api/embed", undefined],
  ])("are those of %s, called where the file says", async (provider, end, path, key) => {
    calls.length = 0;
    const apiKey = provider === "openai" ? ', apiKey: "${OPENAI_API_KEY}"' : "";
    const { embeddings } = await load(routed(`{ provider: ${provider}, model: m, baseUrl: "${url}${end}"${apiKey} }`));
    expect(await embeddings!.embedDocuments(["a bug", "hello"])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(await embeddings!.embedQuery("a bug")).toEqual([1, 0]);
    for (const call of calls) expect(call.path.startsWith(path)).toBe(true);
    if (key !== undefined) expect(calls[0]!.key).toBe(key);
  });

  it("are those of Vertex AI, by project, place and service account, without a call", async () => {
    class VertexAIEmbeddings {
      readonly embedQuery = async () => [1];
      readonly embedDocuments = async () => [[1]];
      constructor(readonly fields: object) {}
    }
    vi.doMock("@langchain/google-vertexai", () => ({ VertexAIEmbeddings }));
    vi.resetModules();
    const { parseConfig: parse } = await import("../../../src/config/index.js");
    const text = routed(
      '{ provider: google-vertexai, model: text-embedding-005, project: mine, location: europe-west4, credentials: { clientEmail: me@x, privateKey: "${PRIVATE_KEY}" } }',
    );
    const { embeddings, warnings } = await parse("models.yaml", text, { PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----" });
    expect(warnings).toEqual([]);
    expect(embeddings).toBeInstanceOf(VertexAIEmbeddings);
    expect((embeddings as unknown as VertexAIEmbeddings).fields).toEqual({
      model: "text-embedding-005",
      location: "europe-west4",
      authOptions: {
        projectId: "mine",
        credentials: { client_email: "me@x", private_key: "-----BEGIN PRIVATE KEY-----" },
      },
    });
  });

  it("of Vertex AI say what to install where its package is missing", async () => {
    const { embeddings, warnings } = await load(routed("{ provider: google-vertexai, model: m, project: mine }"));
    expect(warnings).toMatchObject([
      { path: "embeddings", message: expect.stringMatching(/npm install @langchain\/google-vertexai$/) },
    ]);
    await expect(embeddings!.embedQuery("Hi")).rejects.toThrow("npm install @langchain/google-vertexai");
  });

  it("refuse fields of another provider", async () => {
    const problems = await problemsOf(routed("{ provider: openai, model: m, project: mine }"));
    expect(problems).toMatchObject([{ path: "embeddings.project" }]);
  });

  it("keep their key out of errors", async () => {
    await load(routed('{ provider: openai, model: m, headers: { Authorization: "Bearer embedding-words-0" } }'));
    expect(redact("It said embedding-words-0.")).not.toContain("embedding-words-0");
  });

  it("decide routes by examples", async () => {
    const { graphs } = await load(routed(`{ provider: ollama, model: m, baseUrl: "${url}" }`));
    const chosen = graphs.g!.compile({ interruptBefore: ["code", "chat"] });
    const { route } = await chosen.invoke({ messages: "Where is the bug?" });
    expect(route).toBe("code");
  });

  it("lack a key without failing the file: a warning says so, and a call fails with what to do", async () => {
    const { embeddings, warnings } = await parseConfig("models.yaml", routed("{ provider: openai, model: m }"), {});
    expect(warnings).toMatchObject([{ path: "embeddings", message: expect.stringContaining("set OPENAI_API_KEY") }]);
    await expect(embeddings!.embedQuery("Hi")).rejects.toThrow("set OPENAI_API_KEY");
  });

  it("are of a provider that has them", async () => {
    const problems = await problemsOf(routed("{ provider: anthropic, model: m }"));
    expect(problems).toMatchObject([
      { path: "embeddings.provider", message: expect.stringMatching(/write one of openai, /) },
    ]);
  });

  it("are absent where the file has none", async () => {
    expect((await load("models: { a: { provider: ollama, model: x } }")).embeddings).toBeUndefined();
  });
});

describe("a semantic cache of a file", () => {
  const { server: chat } = useLoopback();
  const cached = (namespace: string, more = "") => `embeddings: { provider: ollama, model: m, baseUrl: "${url}" }
models:
  small:
    provider: openai-compatible
    model: gpt-4o-mini
    baseUrl: "${chat.openaiUrl}"
    cache: { threshold: 0.9, namespace: ${namespace}${more} }
graphs: { desk: { pattern: fallback, models: [small] } }
`;
  const first = { messages: "Where is the bug?" };
  const again = { messages: "Please, where is the bug?" };

  it("compares questions by the embeddings of the file", async () => {
    calls.length = 0;
    const { graphs } = await load(cached("public", ", price: { input: 1, output: 0 }"));
    const desk = graphs.desk!.compile();
    await desk.invoke(first);
    const { calls: lines } = await desk.invoke(again);
    expect(lines.map(({ role, status }) => `${role} ${status}`)).toEqual(["embedding ok", "answer cached"]);
    expect(lines[0]!.costUsd).toBeGreaterThan(0);
    expect([calls.length, chat.requests.length]).toEqual([2, 1]);
  });

  it("also where only the models are loaded", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "semantic-")), "models.yaml");
    await writeFile(file, cached("public"));
    const { small } = await loadModels(file, { env: {} });
    calls.length = 0;
    await createFallback({ models: { small: small! } })
      .compile()
      .invoke(first);
    expect(calls).toMatchObject([{ path: "/api/embed" }]);
  });

  it("keeps the answers of each value of a field of the context apart, and none of a run without it", async () => {
    const { graphs } = await load(cached("{ by: tenant }"));
    const desk = graphs.desk!.compile();
    const statusOf = async (question: typeof first, context = {}) =>
      (await desk.invoke(question, { context })).calls.at(-1)!.status;
    await desk.invoke(first, { context: { tenant: "acme" } });
    expect(await statusOf(again, { tenant: "acme" })).toBe("cached");
    expect(await statusOf(again, { tenant: "other" })).toBe("ok");
    expect([await statusOf(first), await statusOf(again)]).toEqual(["ok", "ok"]);
  });

  it.each([
    ["{ threshold: 2 }", ["threshold: is too large; write at most 1", "namespace: is missing; write a text"]],
    [
      "{ threshold: 0.8, namespace: { of: tenant } }",
      ["namespace: is unknown here; write a text, such as public, or { by: tenant }"],
    ],
    [
      "{ threshold: 0.8, namespace: public, store: redis }",
      ["store: is an unknown field; write one of threshold, namespace, ttlMs, timeout, price"],
    ],
    ["semantic", [": is unknown here; write { ttlMs: 60000 }, or { threshold: 0.8, namespace: public }"]],
  ])("is refused with what to write: %s", async (cache, expected) => {
    const problems = await problemsOf(`models: { a: { provider: ollama, model: x, cache: ${cache} } }`);
    const found = problems.map(({ path, message }) => `${path}: ${message}`.replace(/^models\.a\.cache\.?/, ""));
    expect(found.length).toBe(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });
});

describe("a router of a runtime", () => {
  const runtime = (router: string) => `embeddings: { provider: ollama, model: m, baseUrl: "${url}" }
runtime:
  default_model: smart
  models:
    - { name: smart, provider: router, embedder_model: all-MiniLM-L6-v2, ${router} }
    - { name: code, provider: ollama, model: x }
    - { name: chat, provider: ollama, model: y }
`;

  it("becomes a graph that routes by its utterances, and otherwise calls its default model", async () => {
    const { graphs, models, defaultModel, warnings } = await load(
      runtime(
        "default_model: chat, routes: [{ name: a, target_model: code, utterances: [my loop fails] }, { name: b, target_model: code, utterances: [a bug] }]",
      ),
    );
    expect([Object.keys(models), Object.keys(graphs), defaultModel]).toEqual([["code", "chat"], ["smart"], "smart"]);
    expect(warnings.map(({ path }) => path)).toEqual(["runtime.models[0].embedder_model"]);
    const graph = graphs.smart!.compile({ interruptBefore: ["code", "chat", "fallback"] });
    expect((await graph.invoke({ messages: "Where is the bug?" })).route).toBe("code");
    const otherwise = await graph.invoke({ messages: "Good morning" });
    expect(otherwise.decisions.at(-1)!.chosen).toBe("fallback");
  });

  it("names a target that is missing, in the words of the file, and a dataset that is not read", async () => {
    const [problem] = await problemsOf(
      runtime("default_model: chat, routes: [{ name: a, target_model: cod, utterances: [x] }]"),
    );
    expect(problem).toMatchObject({ message: expect.stringContaining("did you mean code?") });
    const { warnings } = await load(
      runtime("default_model: chat, routes: [{ name: a, target_model: code, dataset: d }]"),
    );
    expect(warnings.map(({ path }) => path)).toContain("runtime.models[0].routes[0].dataset");
  });
});
