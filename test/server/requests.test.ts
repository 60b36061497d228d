import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LoopbackRequest } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { asks, type Serving, served, startServing } from "./serving.js";

const call = (id: string, args: string) => ({
  id,
  type: "function",
  function: { name: "weather", arguments: args },
});
const named = (name: string) => ({ type: "function", function: { name } });
const shows = (url: string) => [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
const image =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface Answered {
  readonly orchestration: { readonly ignored?: readonly string[] };
}
interface Refusal {
  readonly error: { readonly message: string; readonly param: string | null; readonly code: string | null };
}

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("a request over %s", (provider) => {
  let serving: Serving;
  const last = (): LoopbackRequest => serving.upstream.requests.at(-1)!;
  beforeAll(async () => {
    serving = await startServing(provider);
    serving.says("Hello!");
  });
  afterAll(() => serving.close());

  it("hands on every role, and joins the instructions at its beginning", async () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "developer", content: [{ type: "text", text: "Be kind." }] },
      { role: "user", content: "Weather?", name: "ada" },
      { role: "assistant", content: null, tool_calls: [call("call_1", '{"city":"Oslo"}'), call("call_2", "{oops")] },
      { role: "tool", content: "Rain", tool_call_id: "call_1" },
      { role: "tool", content: [{ type: "text", text: "no JSON" }], tool_call_id: "call_2" },
      { role: "assistant", content: [{ type: "text", text: "It rains." }] },
      { role: "user", content: [{ type: "text", text: "Thanks" }] },
    ];
    expect((await serving.post({ model: "plain", messages })).status).toBe(200);
    const seen = last().messages.filter(({ text }) => text !== "");
    expect(seen[0]).toEqual({ role: "system", text: "Be brief.\n\nBe kind." });
    const roles = last().messages.map(({ role }) => role);
    expect(roles.slice(0, 3)).toEqual(["system", "user", "assistant"]);
    expect(seen.at(-1)).toEqual({ role: "user", text: "Thanks" });
    const body = JSON.stringify(last().body);
    for (const said of ["Oslo", "{oops", "Rain", "no JSON", "It rains."]) expect(body).toContain(said);
  });

  it("takes an answer with tool calls and empty content, and a refusal", async () => {
    const messages = [
      ...asks("Weather?"),
      { role: "assistant", content: "", tool_calls: [call("call_1", "")] },
      { role: "tool", content: "", tool_call_id: "call_1" },
      { role: "assistant", content: null, refusal: "I will not say." },
      ...asks("Why?"),
    ];
    expect((await serving.post({ model: "plain", messages })).status).toBe(200);
    expect(JSON.stringify(last().body)).toContain("I will not say.");
  });

  it("takes null for every field that may be missing", async () => {
    const said = { refusal: null, name: null, tool_calls: null, function_call: null, audio: null };
    const part = { type: "image_url", image_url: { url: image, detail: null } };
    const messages = [
      { role: "user", content: provider === "ChatOpenAI" ? [part] : "Hi", name: null }, // the other shows this model none
      { role: "assistant", content: "Yo", ...said },
      ...asks("Hi"),
    ];
    const tool = { name: "f", description: null, parameters: null, strict: null };
    const fields = {
      stream: null,
      tool_choice: null,
      stop: null,
      n: null,
      user: null,
      metadata: null,
      temperature: null,
    };
    const reply = await serving.post({
      model: "plain",
      messages,
      tools: [{ type: "function", function: tool }],
      ...fields,
    });
    expect([reply.status, ((await reply.json()) as Answered).orchestration.ignored]).toEqual([200, undefined]);
    expect(last().tools).toEqual(["f"]);
  });

  it("hands on settings to a model alone", async () => {
    const settings = { temperature: 0.2, top_p: 0.9, max_completion_tokens: 7, stop: ["END"] };
    const reply = await serving.post({ model: "plain", messages: asks("Hi"), ...settings });
    expect(reply.status).toBe(200);
    expect(last().body).toMatchObject(
      provider === "ChatOpenAI"
        ? { temperature: 0.2, top_p: 0.9, stop: ["END"] }
        : { generationConfig: { temperature: 0.2, topP: 0.9, maxOutputTokens: 7, stopSequences: ["END"] } },
    );
    if (provider === "ChatOpenAI") {
      const { max_tokens, max_completion_tokens } = last().body;
      expect(max_completion_tokens ?? max_tokens).toBe(7);
    }
    await serving.post({ model: "plain", messages: asks("Hi") });
    expect(JSON.stringify(last().body)).not.toMatch(/0\.2|END/); // one request's settings are not the next one's
  });

  it("says which fields had no effect", async () => {
    const hints = { seed: 7, store: true, service_tier: "auto", user: "ada", n: 1, logprobs: false, extra: null };
    const ignoredBy = async (model: string, fields: object = hints) => {
      const reply = await serving.post({ model, messages: asks("Hi"), temperature: 0.5, ...fields });
      return ((await reply.json()) as Answered).orchestration.ignored;
    };
    const unknown = provider === "ChatOpenAI" ? ["store", "service_tier"] : ["seed", "store", "service_tier"];
    expect(await ignoredBy("plain")).toEqual(unknown);
    expect(await ignoredBy("router")).toEqual(unknown);
    expect(await ignoredBy("plain", { ["k".repeat(1_000_000)]: 1 })).toEqual([`${"k".repeat(59)}…`]);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, 1]));
    expect(await ignoredBy("plain", many)).toHaveLength(50);
    expect(await ignoredBy("plain", { stream_options: { include_usage: true }, parallel_tool_calls: false })).toEqual([
      "parallel_tool_calls",
      "stream_options",
    ]);
    const tools = [{ type: "function", function: { name: "f" } }];
    const json_schema = { name: "form", schema: { type: "object" } };
    const forced = { tools, tool_choice: "required", response_format: { type: "json_schema", json_schema } };
    expect(await ignoredBy("plain", forced)).toEqual(["response_format"]); // it is that of the answer after the call
    const modes = { tools, parallel_tool_calls: false, response_format: { type: "json_object" } };
    const deaf = provider === "ChatOpenAI" ? undefined : ["parallel_tool_calls", "response_format"];
    expect(await ignoredBy("plain", modes)).toEqual(deaf);
  });

  it.each<[string, object, string | null]>([
    ["no messages", { messages: [] }, "messages"],
    ["messages that are a text", { messages: "Hi" }, "messages"],
    ["an unknown role", { messages: [{ role: "function", content: "1", name: "f" }] }, "messages.0.role"],
    ["no content", { messages: [{ role: "user" }] }, "messages.0.content"],
    ["an answer of nothing", { messages: [{ role: "assistant" }] }, "messages.0.content"],
    ["a result of no call", { messages: [{ role: "tool", content: "" }] }, "messages.0.tool_call_id"],
    [
      "audio",
      { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }] },
      "messages.0.content.0.type",
    ],
    ["a part without text", { messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages.0.content.0.text"],
    [
      "an image without address",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] },
      "messages.0.content.0.image_url.url",
    ],
    ["two answers", { messages: asks("Hi"), n: 2 }, "n"],
    ["log-probabilities", { messages: asks("Hi"), logprobs: true }, "logprobs"],
    ["a token bias", { messages: asks("Hi"), logit_bias: { 1: 5 } }, "logit_bias"],
    ["speech", { messages: asks("Hi"), modalities: ["text", "audio"] }, "modalities"],
    ["legacy functions", { messages: asks("Hi"), functions: [{ name: "f" }] }, "functions"],
    ["a tool that is no function", { messages: asks("Hi"), tools: [{ type: "custom" }] }, "tools.0.type"],
    ["a choice of nothing", { messages: asks("Hi"), tool_choice: "some" }, "tool_choice"],
    [
      "a form without schema",
      { messages: asks("Hi"), response_format: { type: "json_schema" } },
      "response_format.json_schema",
    ],
    ["a temperature of 3", { messages: asks("Hi"), temperature: 3 }, "temperature"],
    ["a forced call without tools", { messages: asks("Hi"), tool_choice: "required" }, "tool_choice"],
    [
      "a forced call of another tool",
      { messages: asks("Hi"), tools: [named("f")], tool_choice: named("g") },
      "tool_choice",
    ],
    ["an image that is a file here", { messages: shows("file:///etc/passwd") }, "messages.0.content.0.image_url.url"],
    ["an image that is none", { messages: shows("data:nonsense") }, "messages.0.content.0.image_url.url"],
    ["half a token", { messages: asks("Hi"), max_tokens: 0.5 }, "max_tokens"],
    ["messages that are null", { messages: null }, "messages"],
    ["messages that are a number", { messages: 5 }, "messages"],
    ["a message that is null", { messages: [null] }, "messages.0"],
    ["a message that is a list, after others", { messages: [...asks("Hi"), []] }, "messages.1"],
    ["a role that is none", { messages: [{ role: "robot", content: "Hi" }] }, "messages.0.role"],
    ["a legacy call", { messages: [{ role: "assistant", function_call: { name: "f" } }] }, "messages.0.function_call"],
    ["five stops", { messages: asks("Hi"), stop: ["1", "2", "3", "4", "5"] }, "stop"],
    ["a lone surrogate", { messages: asks("\ud800") }, "messages"],
  ])("refuses %s, and names the field", async (_, fields, param) => {
    const before = serving.upstream.requests.length;
    const reply = await serving.post({ model: "plain", ...fields });
    const { error } = (await reply.json()) as Refusal;
    expect([reply.status, error.param]).toEqual([400, param]);
    expect(serving.upstream.requests.length).toBe(before);
  });

  it("refuses what nobody after it could walk through, and keeps a call whose arguments are so", async () => {
    const before = serving.upstream.requests.length;
    for (const field of [
      `"tools":[{"type":"function","function":{"name":"f","parameters":${deep}}}]`,
      `"response_format":{"type":"json_schema","json_schema":{"name":"f","schema":${deep}}}`,
      `"extra":${deep}`,
    ]) {
      const reply = await serving.post(undefined, { body: `{"messages":[{"role":"user","content":"Hi"}],${field}}` });
      const { error } = (await reply.json()) as Refusal;
      expect([reply.status, error.message]).toEqual([400, "The body has more than 100 levels"]);
    }
    expect(serving.upstream.requests.length).toBe(before);
    const result = { role: "tool", content: "Rain", tool_call_id: "call_1" };
    const messages = [...asks("Hi"), { role: "assistant", tool_calls: [call("call_1", deep)] }, result];
    expect((await serving.post({ model: "plain", messages })).status).toBe(200);
  });

  it("refuses a body that is no JSON, or no object", async () => {
    for (const body of ["", "{", "[1", "\u0000"]) {
      const reply = await serving.post(undefined, { body });
      expect([reply.status, ((await reply.json()) as Refusal).error.param]).toEqual([400, null]);
    }
    for (const body of [null, 5, [], "text"]) {
      const reply = await serving.post(body);
      expect([reply.status, ((await reply.json()) as Refusal).error.param]).toEqual([400, null]);
    }
  });

  it("refuses a model that is not there, and names those that are", async () => {
    const reply = await serving.post({ model: "gpt-9", messages: asks("Hi") });
    const { error } = (await reply.json()) as Refusal;
    expect([reply.status, error.param, error.code]).toEqual([404, "model", "model_not_found"]);
    expect(error.message).toBe('Unknown model "gpt-9"; use one of "router", "ladder", "plain"');
  });

  it.each(served)("gives the form of the answer to model %s beside the caller's tools", async (model) => {
    const format = {
      type: "json_schema",
      json_schema: {
        name: "weather",
        strict: true,
        schema: { type: "object", properties: { ok: { type: "boolean" } } },
      },
    };
    const tool = {
      type: "function",
      function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
    };
    const ask = async (more: object = {}) => {
      const reply = await serving.post({
        model,
        messages: asks("Hi"),
        tools: [tool],
        response_format: format,
        ...more,
      });
      return ((await reply.json()) as { choices: { finish_reason: string; message: object }[] }).choices[0]!;
    };
    serving.says({ toolCalls: [{ name: "weather", args: { city: "Oslo" } }] });
    expect(await ask()).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    expect(last().tools).toEqual(provider === "ChatOpenAI" ? ["weather"] : ["weather", "weather_answer"]);
    if (provider === "ChatOpenAI") {
      serving.says('{"ok":true}');
      expect(last().body).toMatchObject({ response_format: { json_schema: { strict: true } }, tools: [tool] });
    } else serving.says({ toolCalls: [{ name: "weather_answer", args: { ok: true } }] });
    expect(await ask()).toMatchObject({ finish_reason: "stop", message: { content: '{"ok":true}' } });
    await ask({ tool_choice: "none" });
    expect(last().tools).toEqual(provider === "ChatOpenAI" ? [] : ["weather_answer"]);
    await ask({ tool_choice: { type: "function", function: { name: "weather" } } });
    expect(last().tools).toEqual(["weather"]);
  });
});

describe("a request over ChatGoogleGenerativeAI", () => {
  it("is refused where the client has no such setting", async () => {
    const serving = await startServing("ChatGoogleGenerativeAI");
    const reply = await serving.post({ model: "plain", messages: asks("Hi"), frequency_penalty: 1 });
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as Refusal).error).toMatchObject({
      message: "plain does not support frequency_penalty; leave it out",
      param: "frequency_penalty",
    });
    await serving.close();
  });
});

describe("a conversation Gemini's client refuses", () => {
  it.each<[string, readonly object[], string]>([
    ["instructions in its middle", [...asks("Hi"), { role: "developer", content: "Be brief." }], "messages.1"],
    ["an image by address", shows("https://example.com/a.png"), "messages.0.content.0"],
  ])("is refused here, with the place: %s", async (_, messages, param) => {
    const told = vi.fn();
    const serving = await startServing("ChatGoogleGenerativeAI", { onError: told });
    const reply = await serving.post({ model: "plain", messages });
    expect([reply.status, ((await reply.json()) as Refusal).error.param]).toEqual([400, param]);
    expect(told).not.toHaveBeenCalled();
    await serving.close();
  });
});

describe("a request over ChatOpenAI", () => {
  it("shows images to the model", async () => {
    const serving = await startServing("ChatOpenAI");
    serving.says("A dot.");
    const content = [
      { type: "text", text: "What is it?" },
      { type: "image_url", image_url: { url: image, detail: "low" } },
    ];
    expect((await serving.post({ model: "plain", messages: [{ role: "user", content }] })).status).toBe(200);
    const [{ content: seen }] = serving.upstream.requests.at(-1)!.body.messages as [{ content: unknown }];
    expect(seen).toEqual(content);
    await serving.close();
  });
});
