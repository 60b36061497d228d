import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { isEmpty } from "../../src/calls/answer.js";
import {
  asChatModel,
  callsOf,
  createFallback,
  type ErrorClass,
  type ModelEntry,
  totalTokens,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";
import { startRawServer } from "../support/raw-server.js";
import { dialects, type Provider, type Said } from "./said.js";

/** Any pattern, whatever its nodes are called. */
interface CompiledPattern {
  readonly stream: (input: object, options: object) => Promise<AsyncIterable<readonly [mode: string, chunk: unknown]>>;
}

interface Row {
  readonly provider: Provider;
  readonly what: string;
  readonly said: Said;
  readonly class: ErrorClass;
  /** What the ledger says of it. */
  readonly reason: RegExp;
}

const half = "The three causes are: first,";
const cut = '{"a": 1, "b": ';

const broken: readonly (readonly [Provider, string])[] = [
  ["openai", "error"],
  ["openai", "abort"],
  ["openai", "aborted"],
  ["openai", "cancelled"],
  ["openai", "insufficient_system_resource"],
  ["openai", "network_error"],
  ["openai", "malformed_function_call"],
  ["google", "MALFORMED_FUNCTION_CALL"],
  ["google", "UNEXPECTED_TOOL_CALL"],
  ["google", "TOO_MANY_TOOL_CALLS"],
  ["google", "MISSING_THOUGHT_SIGNATURE"],
  ["google", "OTHER"],
];
const refused: readonly (readonly [Provider, string])[] = [
  ["openai", "content_filter"],
  ["openai", "sensitive"],
  ["anthropic", "refusal"],
  ["google", "SAFETY"],
  ["google", "LANGUAGE"],
  ["google", "RECITATION"],
];

const rows: readonly Row[] = [
  ...broken.flatMap(([provider, reason]): Row[] =>
    ["", half].map((text) => ({
      ...{ provider, said: { text, reasons: [reason] }, class: "empty" as const },
      what: `${text === "" ? "nothing" : "half a text"}, then ${reason}`,
      reason: new RegExp(`broke the answer off: ${reason}`),
    })),
  ),
  ...refused.map(
    ([provider, reason]): Row => ({
      ...{ provider, what: `half a text, then ${reason}`, said: { text: half, reasons: [reason] } },
      ...{ class: "refusal", reason: new RegExp(`stopped the answer: ${reason}`) },
    }),
  ),
  ...(["openai", "anthropic", "google", "ollama"] as const).flatMap((provider): Row[] => {
    const reasons = [{ openai: "stop", anthropic: "end_turn", google: "STOP", ollama: "stop" }[provider]];
    return [
      {
        ...{
          provider,
          what: "thoughts in its text only",
          said: { text: "<think>\nLet me see\n</think>\n\n", reasons },
        },
        ...{ class: "empty", reason: /nothing but thoughts/ },
      },
      {
        ...{ provider, what: "a thought that never ends", said: { text: "<think>\nLet me see", reasons } },
        ...{ class: "empty", reason: /nothing but thoughts/ },
      },
      {
        ...{ provider, what: "nothing that is shown", said: { text: "\u200b \n\ufeff", reasons } },
        ...{ class: "empty", reason: /neither text nor a tool call/ },
      },
    ];
  }),
  ...(["anthropic", "google"] as const).map(
    (provider): Row => ({
      ...{ provider, what: "thoughts in a block of their own only", class: "empty", reason: /nothing but thoughts/ },
      said: { thought: "Let me see", reasons: [provider === "google" ? "STOP" : "end_turn"] },
    }),
  ),
  {
    ...{ provider: "anthropic", what: "encrypted thoughts only", class: "empty", reason: /nothing but thoughts/ },
    said: { thought: "encrypted", reasons: ["end_turn"] },
  },
  ...(["", "Let me look."] as const).map(
    (text): Row => ({
      ...{ provider: "openai", what: `a call that cannot be read behind "${text}"`, class: "empty" },
      ...{ said: { text, calls: [["add", cut]], reasons: ["tool_calls"] }, reason: /unreadable.*add\(\{"a": 1, "b":/ },
    }),
  ),
  {
    ...{
      provider: "openai",
      what: "a call the token limit cut off",
      class: "empty",
      reason: /token limit.*unreadable/,
    },
    said: { calls: [["add", cut]], reasons: ["length"] },
  },
  {
    ...{ provider: "openai", what: "a call without a name", class: "empty", reason: /unreadable/ },
    said: { calls: [["", "{}"]], reasons: ["tool_calls"] },
  },
  {
    ...{ provider: "anthropic", what: "a window that was full at once", class: "context_overflow", reason: /window/ },
    said: { reasons: ["model_context_window_exceeded"] },
  },
  {
    ...{
      provider: "openai",
      what: "a reason that two chunks name",
      class: "empty",
      reason: /broke the answer off: error$/,
    },
    said: { text: half, reasons: ["error", "error"] },
  },
];

async function runOver({ provider, said }: Pick<Row, "provider" | "said">, fields: Partial<ModelEntry> = {}) {
  const { client, reply } = dialects[provider];
  const server = await startRawServer((body, path) => {
    return reply(said, body.stream === true || path.includes("stream") || provider === "ollama");
  });
  const model = { model: client(server.url), retry: { backoff: [0] }, price: { input: 1, output: 1 }, ...fields };
  const graph = createFallback({ models: { primary: model, backup: saying("whole") } }).compile();
  return { server, graph };
}

describe("an answer that is none", () => {
  it.each(rows)("$provider: $what is $class, and the next model answers", async (row) => {
    const { server, graph } = await runOver(row);
    try {
      const state = await graph.invoke({ messages: "Hi" });
      expect([state.modelUsed, state.messages.at(-1)!.text]).toEqual(["backup", "whole"]);
      const asked = row.class === "empty" ? 2 : 1;
      expect(server.requests).toHaveLength(asked);
      const calls = state.calls.filter(({ node }) => node === "primary");
      expect(calls).toHaveLength(asked);
      for (const { status, error, usage, costUsd } of calls) {
        expect([status, error?.class]).toEqual(["error", row.class]);
        expect(error?.message).toMatch(row.reason);
        expect([usage?.inputTokens, usage?.outputTokens, costUsd]).toEqual([9, 4, 13e-6]); // it is paid
      }
      expect(state.failures).toMatchObject([{ name: "primary", class: row.class }]);
    } finally {
      await server.close();
    }
  });

  it.each(rows)("$provider, streamed: $what is $class, and the next model answers", async (row) => {
    const { server, graph } = await runOver(row);
    try {
      const modes = ["values", "messages", "custom"] as const;
      let state: Awaited<ReturnType<typeof graph.invoke>> | undefined;
      const shown: (string | undefined)[] = [];
      const taken: (string | undefined)[] = [];
      for await (const [mode, chunk] of await graph.stream({ messages: "Hi" }, { streamMode: [...modes] })) {
        if (mode === "values") state = chunk as typeof state;
        else if (mode === "custom") taken.push((chunk as { messageId?: string }).messageId);
        else shown.push((chunk as unknown as [{ id?: string }])[0].id);
      }
      expect([state!.modelUsed, state!.messages.at(-1)!.text]).toEqual(["backup", "whole"]);
      const calls = state!.calls.filter(({ node }) => node === "primary");
      expect(server.requests.length).toBe(calls.length);
      expect(calls.length).toBeLessThanOrEqual(row.class === "empty" ? 2 : 1);
      for (const { status, error, usage } of calls) {
        expect([status, error?.class]).toEqual(["error", row.class]);
        expect(error?.message).toMatch(row.reason);
        expect(totalTokens(calls).totalTokens).toBe(13 * calls.length);
        expect(usage).toBeDefined();
      }
      const last = state!.messages.at(-1)!.id;
      for (const id of taken) expect(shown).toContain(id);
      expect(taken).not.toContain(last);
    } finally {
      await server.close();
    }
  });

  const good: readonly (Pick<Row, "provider" | "said"> & { readonly what: string; readonly text: string })[] = [
    ...(["openai", "anthropic", "google", "ollama"] as const).map((provider) => {
      const reasons = [{ openai: "length", anthropic: "max_tokens", google: "MAX_TOKENS", ollama: "length" }[provider]];
      return { provider, what: "a text that its token limit cut", said: { text: half, reasons }, text: half };
    }),
    {
      ...{ provider: "anthropic", what: "a text that the window cut", text: half },
      said: { text: half, reasons: ["model_context_window_exceeded"] },
    },
    { provider: "anthropic", what: "a turn that pauses", text: half, said: { text: half, reasons: ["pause_turn"] } },
    { provider: "openai", what: "a reason that is in no table", text: half, said: { text: half, reasons: ["eos"] } },
    { provider: "openai", what: "a good reason, twice", text: half, said: { text: half, reasons: ["stop", "stop"] } },
    {
      ...{ provider: "openai", what: "a tag it is about", text: "Use the `<think>` tag.\n`</think>` ends it." },
      said: { text: "Use the `<think>` tag.\n`</think>` ends it.", reasons: ["stop"] },
    },
    {
      ...{ provider: "openai", what: "thoughts before it", text: "<think>Hm</think>\nParis" },
      said: { text: "<think>Hm</think>\nParis", reasons: ["stop"] },
    },
    {
      ...{ provider: "openai", what: "one call of two that can be read", text: "" },
      said: {
        calls: [
          ["add", "{}"],
          ["add", cut],
        ],
        reasons: ["tool_calls"],
      },
    },
    {
      provider: "openai",
      what: "a call without arguments",
      text: "",
      said: { calls: [["now", ""]], reasons: ["tool_calls"] },
    },
    {
      ...{ provider: "openai", what: "a call with a line break in it", text: "" },
      said: { calls: [["say", '{"text": "one\ntwo"}']], reasons: ["tool_calls"] },
    },
  ];

  it.each(good)("$provider: $what is none of them, whole and streamed", async ({ text, ...row }) => {
    const { server, graph } = await runOver(row);
    try {
      const whole = await graph.invoke({ messages: "Hi" });
      let streamed: typeof whole | undefined;
      for await (const values of await graph.stream({ messages: "Hi" }, { streamMode: "values" }))
        streamed = values as never;
      for (const state of [whole, streamed!]) {
        expect([state.modelUsed, state.messages.at(-1)!.text]).toEqual(["primary", text]);
        expect(state.calls.map(({ status }) => status)).toEqual(["ok"]);
      }
      const calls = [whole, streamed!].map(
        ({ messages }) => messages.at(-1) as { tool_calls?: { name: string; args: object }[] },
      );
      const [one, other] = calls.map(({ tool_calls = [] }) => tool_calls.map(({ name, args }) => [name, args]));
      expect(one).toEqual(other);
      expect(one).toHaveLength(Math.min(1, row.said.calls?.length ?? 0));
    } finally {
      await server.close();
    }
  });

  it("of a pattern inside another one moves on there, and is a failure of both where nothing is left", async () => {
    const row = { provider: "openai", said: { text: half, reasons: ["error"] } } as const;
    const { client, reply } = dialects.openai;
    const server = await startRawServer((body) => reply(row.said, body.stream === true));
    const inner = createFallback({ models: { a: { model: client(server.url), retry: false } } });
    const outer = createFallback({ models: { inner, backup: saying("whole") } }).compile();
    const state = await outer.invoke({ messages: "Hi" });
    expect(state.modelUsed).toBe("backup");
    expect(state.calls[0]).toMatchObject({ path: "inner/a", status: "error", error: { class: "empty" } });
    const error = await asChatModel(inner)
      .invoke("Hi")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AllModelsFailedError", failures: [{ class: "empty" }] });
    expect(callsOf(error)).toMatchObject([{ status: "error", usage: { inputTokens: 9 } }]);
    await server.close();
  });
});

describe("a stream without a finish reason", () => {
  const row = { provider: "openai", said: { text: "Hello", reasons: [] } } as const;
  /** Streams a run; returns who answered. */
  const stream = async (compiled: unknown) => {
    const graph = compiled as CompiledPattern;
    let answered: string | undefined;
    for await (const [mode, chunk] of await graph.stream({ messages: "Hi" }, { streamMode: ["values", "messages"] }))
      if (mode === "values") answered = (chunk as { modelUsed?: string }).modelUsed;
    return answered;
  };

  it("is asked once more, not twice, and the error says what to set", async () => {
    const server = await startRawServer(() => dialects.openai.reply(row.said, true));
    const model = { model: dialects.openai.client(server.url), retry: { backoff: [0, 0, 0] } };
    const error = await stream(createFallback({ models: { m: model } }).compile()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AllModelsFailedError", failures: [{ class: "network" }] });
    expect(String(error)).toContain("set `finishReason: false` on the entry of the model");
    expect(server.requests).toHaveLength(2);
    await server.close();
  });

  it("is whole where the entry says that its server never names one", async () => {
    const { server, graph } = await runOver(row, { finishReason: false });
    expect(await stream(graph)).toBe("primary");
    expect(server.requests).toHaveLength(1);
    await server.close();
  });

  it("is cut off where Anthropic's ends so, or the entry of any other client says it always names one", async () => {
    const anthropic = await runOver({ ...row, provider: "anthropic" });
    expect(await stream(anthropic.graph)).toBe("backup");
    const fake = { model: saying("no reason", "no reason"), finishReason: true, retry: false } as const;
    expect(await stream(createFallback({ models: { fake, backup: saying("whole") } }).compile())).toBe("backup");
    expect(anthropic.server.requests.length).toBeGreaterThan(0);
    await anthropic.server.close();
  });

  it.each([0, "no", null])("is declared with true or false, not with %j", (finishReason) => {
    const entry = { model: saying("x"), finishReason } as unknown as ModelEntry;
    expect(() => createFallback({ models: { m: entry } })).toThrow(/finishReason.*give true or false/);
  });

  it("is declared on the models inside a graph, not on the graph", () => {
    const inner = createFallback({ models: { m: saying("x") } });
    expect(() => createFallback({ models: { inner: { model: inner, finishReason: false } } })).toThrow(
      /finishReason cannot be set on a graph or agent/,
    );
  });
});

describe("an answer of other blocks", () => {
  const blocks = (...content: readonly object[]) => new AIMessage({ content: content as never });

  it.each(["cachePoint", "cache_point", "summary_text"])("is none where there is nothing but %s", (type) => {
    expect(isEmpty(blocks({ type, text: "" }))).toBe(true);
    expect(isEmpty(blocks({ type, text: "" }, { type: "image_url", image_url: { url: "data:," } }))).toBe(false);
  });
});
