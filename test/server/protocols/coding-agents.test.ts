import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Provider } from "../../support/clients.js";
import { type Serving, served, startServing } from "../serving.js";

const ephemeral = { type: "ephemeral" };
const schema = {
  type: "object",
  properties: { path: { type: "string" } },
  required: ["path"],
  additionalProperties: false,
};
const names = ["Read", ...Array.from({ length: 40 }, (_, place) => `mcp__server__tool_${place}`)];

/** A request in the shape that agents of Anthropic's API send, by their public documentation and issue threads. */
const messagesRequest = (model: string, more: object = {}) => ({
  model,
  max_tokens: 8_000,
  stream: true,
  system: [
    { type: "text", text: "x-anthropic-billing-header: cc_version=2.1.37.0d9; cc_entrypoint=cli; cch=fa690;" },
    { type: "text", text: "You are a coding agent.", cache_control: ephemeral },
    { type: "text", text: "Work in /repo.", cache_control: { ...ephemeral, ttl: "1h" } },
  ],
  tools: names.map((name) => ({ name, description: "A tool", input_schema: schema })),
  metadata: { user_id: "user_1_account__session_2" },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>Today is Monday.</system-reminder>" },
        { type: "text", text: "Fix it", cache_control: ephemeral },
      ],
    },
  ],
  ...more,
});

const headers = {
  "content-type": "application/json",
  "anthropic-version": "2023-06-01",
  "anthropic-beta": "interleaved-thinking-2025-05-14,context-management-2025-06-27,prompt-caching-scope-2026-01-05",
  "x-api-key": "endpoint-key-0123456789",
  "x-app": "cli",
  "x-stainless-retry-count": "0",
};

/** A request in the shape that agents of the Responses API send. */
const responsesRequest = (model: string, more: object = {}) => ({
  model,
  instructions: "You are a coding agent.",
  input: [
    { type: "message", role: "developer", content: [{ type: "input_text", text: "Work in /repo." }] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "<environment_context/>" }] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "Fix it" }] },
  ],
  tools: [
    ...names.map((name) => ({ type: "function", name, description: "A tool", strict: false, parameters: schema })),
    { type: "web_search", external_web_access: false },
    { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
  ],
  ...{ tool_choice: "auto", parallel_tool_calls: true, reasoning: { effort: "medium", summary: "auto" } },
  ...{ store: false, stream: true, include: ["reasoning.encrypted_content"], prompt_cache_key: "session-2" },
  text: { verbosity: "low" },
  client_metadata: { installation: "1" },
  ...more,
});

const eventsOf = (text: string) =>
  text
    .trim()
    .split("\n\n")
    .map((event) => JSON.parse(event.split("\ndata: ")[1]!));

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("requests of coding agents over %s", (provider) => {
  let serving: Serving;
  const post = (path: string, body: object, init: RequestInit = {}) =>
    fetch(`${serving.url}${path}`, { method: "POST", headers, body: JSON.stringify(body), ...init });
  beforeAll(async () => {
    serving = await startServing(provider, { apiKeys: [headers["x-api-key"]] });
  });
  afterAll(() => serving.close());

  describe.each(served)("model %s", (model) => {
    it("take a tool call and its result as messages", async () => {
      serving.says({ text: "I read it.", toolCalls: [{ name: "Read", args: { path: "a.ts" } }] }, "Done.");
      const events = eventsOf(await (await post("/v1/messages?beta=true", messagesRequest(model))).text());
      expect(events.map(({ type }) => type)).toContain("content_block_stop");
      expect(events.at(-2)).toMatchObject({ type: "message_delta", delta: { stop_reason: "tool_use" } });
      const use = events.find(({ content_block: block }) => block?.type === "tool_use").content_block;
      const sent = serving.upstream.requests.at(-1)!;
      expect(sent.tools).toEqual(names);
      const [system, ...rest] = sent.messages;
      expect(system!.text).toContain("Work in /repo.");
      expect(sent.messages.map(({ text }) => text).join()).not.toContain("x-anthropic-billing-header");
      expect(rest.map(({ role }) => role)).toEqual(["user"]);
      if (provider === "ChatOpenAI") expect(JSON.stringify(sent.body)).not.toContain("user_1_account");
      const history = [
        ...messagesRequest(model).messages,
        {
          role: "assistant",
          content: [
            { type: "text", text: "I read it." },
            { ...use, input: { path: "a.ts" } },
          ],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: use.id,
              content: "1→const a",
              is_error: false,
              cache_control: ephemeral,
            },
            { type: "text", text: "<system-reminder>Be careful.</system-reminder>" },
          ],
        },
      ];
      const last = eventsOf(
        await (await post("/v1/messages?beta=true", messagesRequest(model, { messages: history }))).text(),
      );
      expect(last.at(-2)).toMatchObject({ delta: { stop_reason: "end_turn" } });
      expect(last.at(-2).orchestration.ignored).toContain("context_management");
      const texts = serving.upstream.requests.at(-1)!.messages.map(({ text }) => text);
      expect(texts.join("\n")).toContain("1→const a");
    });

    it("take a tool call and its result as items", async () => {
      serving.says({ text: "I read it.", toolCalls: [{ name: "Read", args: { path: "a.ts" } }] }, "Done.");
      const events = eventsOf(await (await post("/v1/responses", responsesRequest(model))).text());
      const { type, response } = events.at(-1);
      expect(type).toBe("response.completed");
      expect(response.output.map((item: { type: string }) => item.type)).toEqual(["message", "function_call"]);
      expect(response.orchestration.ignored).toEqual(
        expect.arrayContaining(["tools (web_search)", "tools (custom)", "prompt_cache_key", "client_metadata"]),
      );
      const sent = serving.upstream.requests.at(-1)!;
      expect(sent.tools).toEqual(names);
      const output = { type: "function_call_output", call_id: response.output[1].call_id, output: "1→const a" };
      const reasoning = { type: "reasoning", id: "rs_1", summary: [], content: null, encrypted_content: null };
      const input = [...responsesRequest(model).input, reasoning, ...response.output, output];
      const last = eventsOf(await (await post("/v1/responses", responsesRequest(model, { input }))).text());
      expect(last.at(-1).response.output).toMatchObject([
        { type: "message", content: [{ type: "output_text", text: "Done." }] },
      ]);
    });
  });

  it("count tokens without a call", async () => {
    const before = serving.upstream.requests.length;
    const { max_tokens: _max, stream: _stream, ...request } = messagesRequest("ladder");
    const reply = await post("/v1/messages/count_tokens?beta=true", request);
    const { input_tokens } = (await reply.json()) as { input_tokens: number };
    const shorter = await post("/v1/messages/count_tokens", { ...request, tools: [] });
    expect(((await shorter.json()) as { input_tokens: number }).input_tokens).toBeLessThan(input_tokens - 1_000);
    expect(serving.upstream.requests.length).toBe(before);
  });

  it("may break off a stream, which aborts the model's call", async () => {
    for (const [path, body] of [
      ["/v1/messages", messagesRequest("router")],
      ["/v1/responses", responsesRequest("router")],
    ] as const) {
      serving.says({ text: "Hello there, you", chunks: 4 }, { fault: "hang", text: "Hello", afterChunks: 1 });
      await (await post(path, body)).text();
      const leave = new AbortController();
      const reply = await post(path, body, { signal: leave.signal });
      await reply.body!.getReader().read();
      leave.abort();
      await expect.poll(() => serving.upstream.requests.at(-1)!.aborted, { timeout: 60_000 }).toBe(true);
    }
  });

  it("get 401 in their own shape without the key", async () => {
    const wrong = { headers: { ...headers, "x-api-key": "wrong" } };
    const messages = await post("/v1/messages", messagesRequest("plain"), wrong);
    expect([messages.status, await messages.json()]).toMatchObject([
      401,
      { type: "error", error: { type: "authentication_error" } },
    ]);
    const responses = await post("/v1/responses", responsesRequest("plain"), wrong);
    expect([responses.status, await responses.json()]).toMatchObject([401, { error: { code: "invalid_api_key" } }]);
    const bearer = { headers: { ...headers, "x-api-key": "wrong", authorization: `Bearer ${headers["x-api-key"]}` } };
    expect((await post("/v1/messages/count_tokens", messagesRequest("plain"), bearer)).status).toBe(200);
  });

  it("get 404 and 405 in their own shape", async () => {
    const { status, ...reply } = await post("/v1/messages/batches", {}).then(async (given) => ({
      status: given.status,
      body: await given.json(),
    }));
    expect([status, reply.body]).toMatchObject([404, { type: "error", error: { type: "not_found_error" } }]);
    const got = await fetch(`${serving.url}/v1/messages`, { headers });
    expect([got.status, got.headers.get("allow"), await got.json()]).toMatchObject([405, "POST", { type: "error" }]);
  });
});
