import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { callsOf, createFallback, type ErrorClass, type ModelEntry, totalCost } from "../../src/index.js";
import { failWith, type Reply } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useOneLoopback } from "../support/use-loopback.js";

const { server } = useOneLoopback();
let runs = 0;

const price = { input: 1, output: 2 };
const fast = { maxRetries: 2, backoff: [0] } as const;

interface Row {
  readonly title: string;
  readonly reply: Reply;
  readonly class: ErrorClass;
  /** Requests the primary gets with two retries allowed. */
  readonly requests: number;
  /** Whether the backup is asked. */
  readonly backup: boolean;
  /** Other figures where the clients differ. */
  readonly streamed?: { readonly class?: ErrorClass; readonly requests?: number };
}

const rows: readonly Row[] = [
  {
    title: "rate limit with a short wait",
    reply: failWith.rateLimit({ retryAfter: "1" }),
    class: "rate_limit",
    requests: 1,
    backup: true,
  },
  {
    title: "rate limit with a wait of 90 s",
    reply: failWith.rateLimit({ retryAfter: "90" }),
    class: "rate_limit",
    requests: 1,
    backup: true,
  },
  { title: "rate limit without a wait", reply: failWith.rateLimit(), class: "rate_limit", requests: 1, backup: true },
  {
    title: "503 with a wait",
    reply: failWith.server({ status: 503, retryAfter: "1" }),
    class: "server",
    requests: 1,
    backup: true,
  },
  { title: "spent quota", reply: failWith.quota(), class: "quota", requests: 1, backup: true },
  { title: "402", reply: { error: { status: 402, message: "pay" } }, class: "quota", requests: 1, backup: true },
  { title: "a bad key", reply: failWith.authentication(), class: "authentication", requests: 1, backup: true },
  { title: "403", reply: failWith.permission(), class: "authentication", requests: 1, backup: true },
  {
    title: "context overflow",
    reply: failWith.contextOverflow(),
    class: "context_overflow",
    requests: 1,
    backup: true,
  },
  { title: "a blocked prompt", reply: failWith.contentFilter(), class: "refusal", requests: 1, backup: true },
  {
    title: "a blocked answer",
    reply: failWith.filteredAnswer({ text: "partly" }),
    class: "refusal",
    requests: 1,
    backup: true,
  },
  { title: "an unknown model", reply: failWith.unknownModel(), class: "model_unavailable", requests: 1, backup: true },
  { title: "a bad request", reply: failWith.badRequest(), class: "invalid_request", requests: 1, backup: false },
  {
    title: "422",
    reply: { error: { status: 422, message: "no" } },
    class: "invalid_request",
    requests: 1,
    backup: false,
  },
  { title: "408", reply: { error: { status: 408, message: "late" } }, class: "timeout", requests: 3, backup: true },
  { title: "500", reply: failWith.server(), class: "server", requests: 3, backup: true },
  { title: "503", reply: failWith.server({ status: 503 }), class: "server", requests: 3, backup: true },
  { title: "a reset connection", reply: failWith.reset(), class: "network", requests: 3, backup: true },
  { title: "invalid JSON", reply: failWith.invalidJson(), class: "server", requests: 3, backup: true },
  { title: "an empty answer", reply: failWith.empty(), class: "empty", requests: 2, backup: true },
];
/** Tokens were shown: the backup is asked, not the same model again. */
const streamRows: readonly Row[] = [
  { title: "a cut stream", reply: failWith.cut({ afterChunks: 2 }), class: "network", requests: 1, backup: true },
  {
    title: "a politely cut stream",
    reply: failWith.cut({ afterChunks: 2, clean: true }),
    class: "network",
    requests: 1,
    backup: true,
  },
  {
    title: "an error event in a 200 stream",
    reply: failWith.errorEvent({ afterChunks: 2 }),
    class: "server",
    requests: 1,
    backup: true,
  },
];

function setUp(provider: Provider, reply: Reply, fields: Partial<ModelEntry> = {}) {
  const [primary, backup] = [`primary-${++runs}`, `backup-${runs}`];
  server.reply(primary, reply);
  server.reply(backup, "from the backup");
  const graph = createFallback({
    models: {
      primary: { model: providers[provider](server, primary), price, retry: fast, ...fields },
      backup: { model: providers.ChatOpenAI(server, backup), provider: "another", price, contextWindow: 1e6 },
    },
  }).compile();
  const asked = (name: string) => server.requests.filter(({ model }) => model === name);
  return {
    graph,
    upstream: () => asked(primary),
    requests: () => asked(primary).length,
    backups: () => asked(backup).length,
  };
}

const matrix = (Object.keys(providers) as Provider[]).flatMap((provider) => [
  ...rows.map((row) => ({ provider, mode: "plain" as const, ...row })),
  ...[...rows, ...streamRows].map((row) => ({ provider, mode: "streaming" as const, ...row })),
]);

describe("createFallback over real clients", () => {
  it.each(matrix)(
    "$provider, $mode: $title is $class, $requests request(s)",
    async ({ provider, mode, reply, class: kind, requests, backup }) => {
      const use = setUp(provider, reply, { contextWindow: 8_000 });
      const custom: { type: string }[] = [];
      const tokens: { id?: string; text: string }[] = [];
      const run = async () => {
        if (mode === "plain") return use.graph.invoke({ messages: "Hi" });
        let values: Awaited<ReturnType<typeof use.graph.invoke>> | undefined;
        for await (const [streamMode, chunk] of await use.graph.stream(
          { messages: "Hi" },
          { streamMode: ["values", "custom", "messages"] },
        )) {
          if (streamMode === "values") values = chunk as typeof values;
          else if (streamMode === "custom") custom.push(chunk as { type: string });
          else tokens.push((chunk as unknown as [AIMessageChunk])[0]);
        }
        return values!;
      };
      if (backup) {
        const result = await run();
        expect(result.failures).toMatchObject([{ name: "primary", class: kind }]);
        expect(result.modelUsed).toBe("backup");
        expect(result.calls.map(({ node, attempt }) => `${node} ${attempt}`)).toEqual([
          ...Array.from({ length: requests }, (_, index) => `primary ${index + 1}`),
          "backup 1",
        ]);
        expect(totalCost(result.calls)).toBeGreaterThan(0);
        const lastId = tokens.at(-1)?.id;
        if (mode === "streaming")
          expect(
            tokens
              .filter(({ id }) => id === lastId)
              .map(({ text }) => text)
              .join(""),
          ).toBe("from the backup");
        const shown = new Set(tokens.filter(({ text, id }) => text !== "" && id !== lastId).map(({ id }) => id));
        expect(custom.filter(({ type }) => type === "attempt_discarded")).toHaveLength(shown.size);
      } else {
        await expect(run()).rejects.toMatchObject({ name: "ModelCallError", class: kind, path: "primary" });
      }
      expect([use.requests(), use.backups()]).toEqual([requests, backup ? 1 : 0]);
    },
  );

  it.each(
    (Object.keys(providers) as Provider[]).flatMap((provider) => [
      [provider, "a rate limit", failWith.rateLimit({ retryAfter: "0" })] as const,
      [provider, "a busy server", failWith.server({ status: 503, retryAfter: "0" })] as const,
    ]),
  )("%s: a model alone is asked again after the wait of %s", async (provider, _, reply) => {
    const alone = `alone-${++runs}`;
    server.reply(alone, reply, reply, "at last");
    const graph = createFallback({
      models: { a: { model: providers[provider](server, alone), retry: fast } },
    }).compile();
    expect((await graph.invoke({ messages: "Hi" })).calls.map(({ status }) => status)).toEqual([
      "error",
      "error",
      "ok",
    ]);
  });

  it("reads retry-after-ms before retry-after", async () => {
    const alone = `alone-${++runs}`;
    const headers = { "retry-after-ms": "1", "retry-after": "3600" };
    server.reply(alone, failWith.rateLimit({ headers }), "at once");
    const graph = createFallback({ models: { a: providers.ChatOpenAI(server, alone) } }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("a");
  });

  it.concurrent.for(Object.keys(providers) as Provider[])(
    "%s: a timeout ends the request upstream and the backup answers",
    async (provider, { expect }) => {
      const use = setUp(provider, { fault: "hang" }, { timeout: 3_000, retry: false });
      const result = await use.graph.invoke({ messages: "Hi" });
      expect(result).toMatchObject({ modelUsed: "backup", failures: [{ class: "timeout" }] });
      expect(result.calls[0]).toMatchObject({
        status: "timeout",
        estimated: true,
        error: { name: "CallTimeoutError" },
      });
      await expect.poll(() => use.upstream()[0]?.aborted).toBe(true);
    },
  );

  it.concurrent.for(Object.keys(providers) as Provider[])(
    "%s: a slow first token triggers the fallback, a slow second one does not",
    async (provider, { expect }) => {
      const slow = setUp(
        provider,
        { text: "late", firstTokenDelayMs: 600_000 },
        { firstTokenTimeout: 2_500, retry: false },
      );
      expect((await slow.graph.invoke({ messages: "Hi" })).failures).toMatchObject([{ class: "timeout" }]);
      const steady = setUp(
        provider,
        { text: "slow but steady", chunkDelayMs: 1_000 },
        { firstTokenTimeout: 2_500, retry: false },
      );
      expect((await steady.graph.invoke({ messages: "Hi" })).modelUsed).toBe("primary");
    },
  );

  it("names the environment variable of a refused key, never the key", async () => {
    const refused = `refused-${++runs}`;
    server.reply(refused, failWith.authentication({ message: "Incorrect API key provided: sk-test-key." }));
    const graph = createFallback({ models: { a: providers.ChatOpenAI(server, refused) } }).compile();
    const error = await graph.invoke({ messages: "Hi" }).catch((failed) => failed);
    expect(error.message).toContain("OPENAI_API_KEY");
    expect(JSON.stringify([error, error.message, error.failures])).not.toContain("sk-test-key");
  });

  it.each(["ChatOpenAI", "ChatGoogleGenerativeAI", "AzureChatOpenAI"])(
    "shows no key of a %s that looks like nothing, though the provider repeats it",
    async (client) => {
      const refused = `refused-${++runs}`;
      const apiKey = "plain-words-of-a-vault";
      server.reply(refused, failWith.authentication({ message: `I do not know ${apiKey}` }));
      const model = {
        ChatOpenAI: () => new ChatOpenAI({ model: refused, apiKey, configuration: { baseURL: server.openaiUrl } }),
        ChatGoogleGenerativeAI: () => new ChatGoogleGenerativeAI({ model: refused, apiKey, baseUrl: server.googleUrl }),
        AzureChatOpenAI: () =>
          new AzureChatOpenAI({
            azureOpenAIApiKey: apiKey,
            azureOpenAIEndpoint: server.azureUrl,
            azureOpenAIApiDeploymentName: refused,
            azureOpenAIApiVersion: "2024-10-21",
          }),
      }[client]!();
      const graph = createFallback({ models: { a: model } }).compile();
      const error = await graph.invoke({ messages: "Hi" }).catch((failed) => failed);
      expect(error.message).toContain("I do not know [redacted]");
      expect(JSON.stringify([error, error.message, error.stack, error.failures, callsOf(error)])).not.toContain(apiKey);
    },
  );
});
