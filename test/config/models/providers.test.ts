import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { keys, load, problemsOf } from "../support/parse.js";
import { startWireServer, type WireRequest, type WireServer } from "../support/wire-server.js";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Wire {
  readonly spec: (url: string) => object;
  readonly client: string;
  readonly path: RegExp;
  readonly key: readonly [header: string, value: string] | undefined;
  /** Our parameter, its value, and where it is in the body with what value. */
  readonly parameters: Readonly<Record<string, readonly [value: unknown, at: string, sent?: unknown]>>;
}

const openaiParameters = {
  temperature: [0.3, "temperature"],
  maxTokens: [77, "max_tokens"],
  topP: [0.9, "top_p"],
  frequencyPenalty: [0.4, "frequency_penalty"],
  presencePenalty: [0.5, "presence_penalty"],
  stop: [["END"], "stop"],
  seed: [7, "seed"],
  logprobs: [true, "logprobs"],
  topLogprobs: [3, "top_logprobs"],
  reasoningEffort: ["low", "reasoning_effort"],
  verbosity: ["low", "verbosity"],
} as const;

const serverParameters = {
  ...openaiParameters,
  topK: [40, "top_k"],
  minP: [0.05, "min_p"],
  typicalP: [0.95, "typical_p"],
  repetitionPenalty: [1.1, "repetition_penalty"],
  numCtx: [8192, "num_ctx"],
} as const;

const providers: Readonly<Record<string, Wire>> = {
  openai: {
    spec: (url) => ({ provider: "openai", model: "gpt-4o-mini", baseUrl: `${url}/v1`, apiKey: keys.OPENAI_API_KEY }),
    client: "ChatOpenAI",
    path: /^\/v1\/chat\/completions$/,
    key: ["authorization", `Bearer ${keys.OPENAI_API_KEY}`],
    parameters: openaiParameters,
  },
  "openai-compatible": {
    spec: (url) => ({ provider: "openai-compatible", model: "qwen3", baseUrl: `${url}/v1`, apiKey: "together-key" }),
    client: "ChatOpenAI",
    path: /^\/v1\/chat\/completions$/,
    key: ["authorization", "Bearer together-key"],
    parameters: serverParameters,
  },
  openrouter: {
    spec: (url) => ({ provider: "openrouter", model: "openai/gpt-4o", baseUrl: `${url}/v1` }),
    client: "ChatOpenAI",
    path: /^\/v1\/chat\/completions$/,
    key: ["authorization", `Bearer ${keys.OPENROUTER_API_KEY}`],
    parameters: serverParameters,
  },
  azure: {
    spec: (url) => ({ provider: "azure", deployment: "my-deployment", model: "gpt-4o", baseUrl: url }),
    client: "AzureChatOpenAI",
    path: /^\/openai\/deployments\/my-deployment\/chat\/completions\?api-version=2024-10-21$/,
    key: ["api-key", keys.AZURE_OPENAI_API_KEY],
    parameters: openaiParameters,
  },
  "google-genai": {
    spec: (url) => ({ provider: "google-genai", model: "gemini-2.0-flash", baseUrl: url }),
    client: "ChatGoogleGenerativeAI",
    path: /^\/v1beta\/models\/gemini-2.0-flash:/,
    key: ["x-goog-api-key", keys.GOOGLE_API_KEY],
    parameters: {
      temperature: [0.3, "generationConfig.temperature"],
      maxTokens: [77, "generationConfig.maxOutputTokens"],
      topP: [0.9, "generationConfig.topP"],
      topK: [40, "generationConfig.topK"],
      stop: [["END"], "generationConfig.stopSequences"],
    },
  },
  anthropic: {
    spec: (url) => ({ provider: "anthropic", model: "claude-3-5-haiku-latest", baseUrl: url }),
    client: "ChatAnthropic",
    path: /^\/v1\/messages$/,
    key: ["x-api-key", keys.ANTHROPIC_API_KEY],
    parameters: {
      temperature: [0.3, "temperature"],
      maxTokens: [77, "max_tokens"],
      topP: [0.9, "top_p"],
      topK: [40, "top_k"],
      stop: [["END"], "stop_sequences"],
      thinking: [{ type: "disabled" }, "thinking"],
    },
  },
  ollama: {
    spec: (url) => ({ provider: "ollama", model: "llama3.1", baseUrl: `${url}/v1` }),
    client: "ChatOllama",
    path: /^\/api\/chat$/,
    key: undefined,
    parameters: {
      temperature: [0.3, "options.temperature"],
      maxTokens: [77, "options.num_predict"],
      topP: [0.9, "options.top_p"],
      topK: [40, "options.top_k"],
      typicalP: [0.95, "options.typical_p"],
      seed: [7, "options.seed"],
      frequencyPenalty: [0.4, "options.frequency_penalty"],
      presencePenalty: [0.5, "options.presence_penalty"],
      repetitionPenalty: [1.1, "options.repeat_penalty"],
      repeatLastN: [64, "options.repeat_last_n"],
      numCtx: [8192, "options.num_ctx"],
      numGpu: [1, "options.num_gpu"],
      numThread: [4, "options.num_thread"],
      numBatch: [256, "options.num_batch"],
      mirostat: [1, "options.mirostat"],
      keepAlive: ["5m", "keep_alive"],
      thinking: [false, "think"],
    },
  },
};

const at = (body: unknown, path: string) =>
  path.split(".").reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], body);

/** Asks the model of a spec once through a graph, and says what was sent. */
async function sent(spec: object): Promise<WireRequest> {
  const { models } = await load(JSON.stringify({ models: { it: spec } }));
  const before = server.requests.length;
  const { messages } = await createFallback({ models: { it: models.it! } })
    .compile()
    .invoke({ messages: "Hi" });
  expect(messages.at(-1)!.text).toBe("Hello.");
  expect(server.requests.length).toBe(before + 1);
  return server.requests.at(-1)!;
}

describe.each(Object.entries(providers))("a model of %s", (_, { spec, client, path, key, parameters }) => {
  it("is its provider's own client, and reaches the address with model and key", async () => {
    const { models } = await load(JSON.stringify({ models: { it: spec(server.url) } }));
    expect(models.it!.model.constructor.name).toBe(client);
    const request = await sent(spec(server.url));
    expect(request.path).toMatch(path);
    if (key !== undefined) expect(request.headers[key[0]]).toBe(key[1]);
    const { model } = spec(server.url) as { model: string };
    if (client !== "ChatGoogleGenerativeAI" && client !== "AzureChatOpenAI") expect(request.body.model).toBe(model);
  });

  it("is sent headers of the file", async () => {
    const { headers } = await sent({ ...spec(server.url), headers: { "x-team": "blue" } });
    expect(headers["x-team"]).toBe("blue");
  });

  it.each(Object.entries(parameters))(
    "sends %s under the provider's name",
    async (name, [value, place, other = value]) => {
      const { body } = await sent({ ...spec(server.url), parameters: { [name]: value } });
      expect(at(body, place)).toEqual(other);
    },
  );

  it("sends all parameters together, and none that were not written", async () => {
    const { thinking: _, ...together } = parameters; // Anthropic takes no sampling settings beside it
    const all = Object.fromEntries(Object.entries(together).map(([name, [value]]) => [name, value]));
    const { body } = await sent({ ...spec(server.url), parameters: all });
    for (const [value, place, other = value] of Object.values(together)) expect(at(body, place)).toEqual(other);
    const plain = await sent(spec(server.url));
    for (const [name, [, place]] of Object.entries(parameters)) {
      const hasDefault = (client === "ChatAnthropic" && name === "maxTokens") || name === "stop";
      if (!hasDefault) expect([name, at(plain.body, place)]).toEqual([name, undefined]);
    }
  });

  it("refuses every parameter the provider does not have", async () => {
    const all = { ...providers.ollama!.parameters, ...serverParameters };
    const isServer = client === "ChatOpenAI"; // at an address of its own it may be any server
    const others = Object.entries(all).filter(
      ([name]) => !Object.hasOwn(isServer ? serverParameters : parameters, name),
    );
    expect(others.length).toBeGreaterThan(3);
    for (const [name, [value]] of others) {
      if (name === "thinking") continue;
      const spelled = { models: { it: { ...spec("http://localhost"), parameters: { [name]: value } } } };
      const [problem, ...more] = await problemsOf(JSON.stringify(spelled));
      expect([name, more]).toEqual([name, []]);
      expect(problem!.path).toBe(`models.it.parameters.${name}`);
      expect(problem!.message).toContain("does not accept this");
    }
  });
});

describe("models of a file", () => {
  it("put body into the request as it is", async () => {
    const own = {
      provider: "openai-compatible",
      model: "qwen3",
      baseUrl: `${server.url}/v1`,
      body: { best_of: 2 },
      parameters: { topK: 4 },
    };
    expect((await sent(own)).body).toMatchObject({ best_of: 2, top_k: 4 });
    const claude = { ...providers.anthropic!.spec(server.url), body: { metadata: { user_id: "u" } } };
    expect((await sent(claude)).body).toMatchObject({ metadata: { user_id: "u" } });
  });

  it("of OpenAI itself are not sent what only other servers know", async () => {
    const [problem] = await problemsOf("models: { it: { provider: openai, model: gpt-4o, parameters: { topK: 4 } } }");
    expect(problem).toMatchObject({ path: "models.it.parameters.topK", line: 1 });
  });

  it("give a reasoning model its token limit under the newer name", async () => {
    const { body } = await sent({
      provider: "openai",
      model: "o4-mini",
      baseUrl: `${server.url}/v1`,
      parameters: { maxTokens: 77, reasoningEffort: "low" },
    });
    expect(body).toMatchObject({ max_completion_tokens: 77, reasoning_effort: "low" });
  });

  it("need no key where the server is one's own", async () => {
    const text = `models: { it: { provider: openai-compatible, model: x, baseUrl: "${server.url}/v1" }, too: { provider: ollama, model: y } }`;
    expect(await problemsOf(text, {})).toEqual([]);
  });

  it("leave retries to their entry", async () => {
    const { models } = await load("models: { it: { provider: openai, model: gpt-4o, retry: { maxRetries: 5 } } }");
    expect(models.it!.retry).toEqual({ maxRetries: 5 });
    expect((models.it!.model as BaseChatModel & { caller: { maxRetries: number } }).caller.maxRetries).toBe(0);
  });

  it("say of a server that its streams name no finish reason", async () => {
    const spec = "provider: openai-compatible, model: m, baseUrl: http://127.0.0.1:1/v1";
    const { models } = await load(`models: { it: { ${spec}, finishReason: false }, other: { ${spec} } }`);
    expect([models.it!.finishReason, models.other!.finishReason]).toEqual([false, undefined]);
    const [problem] = await problemsOf(`models: { it: { ${spec}, finishReason: never } }`);
    expect(problem).toMatchObject({ path: "models.it.finishReason", line: 1 });
  });

  it("take the other variable Google's client reads", async () => {
    const text = "models: { it: { provider: google-genai, model: gemini-2.0-flash } }";
    expect(await problemsOf(text, { GEMINI_API_KEY: "AIza-x" })).toEqual([]);
    expect((await problemsOf(text, {}))[0]!.message).toContain("GOOGLE_API_KEY");
  });
});
