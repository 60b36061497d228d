import OpenAI, { APIUserAbortError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { failWith, type ReplySource } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { asks, type Serving, served, startServing } from "./serving.js";

interface Orchestrated {
  readonly orchestration: {
    readonly modelUsed: string;
    readonly model: string;
    readonly costUsd: number;
    readonly decisions: readonly { readonly kind: string; readonly chosen: string }[];
    readonly ignored?: readonly string[];
  };
}
const orchestrationOf = (reply: ChatCompletion | ChatCompletionChunk) =>
  (reply as unknown as Orchestrated).orchestration;

const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "The weather in a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const Person = z.object({ name: z.string(), age: z.number() });
const schemaCall = { toolCalls: [{ name: "person", args: { name: "Ada", age: 36 } }] };

/** A 429 that no wait mends; it reaches our clients as a 413, which none of them sends again. */
const tooLarge = "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.";

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("the openai client over %s", (provider) => {
  let serving: Serving;
  let client: OpenAI;
  beforeAll(async () => {
    serving = await startServing(provider);
    client = serving.client();
  });
  afterAll(() => serving.close());

  it("lists what is served, graphs first", async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id, object }) => `${object} ${id}`)).toEqual(["model router", "model ladder", "model plain"]);
    expect(await client.models.retrieve("plain")).toMatchObject({ id: "plain", description: "Answers alone" });
    await expect(client.models.retrieve("nobody")).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  describe.each(served)("model %s", (model) => {
    const used = { plain: "plain", router: "strong", ladder: "strong" }[model];
    const kinds = { plain: [], router: ["route"], ladder: ["escalate", "accept"] }[model];

    it("answers, and says who did, why and at what cost", async () => {
      serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
      const reply = await client.chat.completions.create({ model, messages: asks("Hi") });
      expect(reply).toMatchObject({ object: "chat.completion", model });
      expect(reply.choices).toEqual([
        {
          index: 0,
          message: { role: "assistant", content: "Hello!", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ]);
      expect(reply.usage!.prompt_tokens).toBeGreaterThanOrEqual(10);
      const { decisions, ...orchestration } = orchestrationOf(reply);
      expect(orchestration).toMatchObject({ modelUsed: used, model: "strong-1" });
      expect(orchestration.costUsd).toBeGreaterThanOrEqual(20e-6);
      expect(decisions.map(({ kind }) => kind)).toEqual(kinds);
    });

    it("streams, and says the same in its last chunk", async () => {
      serving.says({ text: "Hello there, you", usage: { inputTokens: 10, outputTokens: 5 } });
      const stream = await client.chat.completions.create({
        model,
        messages: asks("Hi"),
        stream: true,
        stream_options: { include_usage: true },
      });
      const chunks: ChatCompletionChunk[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const [first, ...more] = chunks;
      const [usage, last, ...pieces] = more.reverse();
      expect(first!.choices[0]!.delta).toEqual({ role: "assistant", content: "" });
      expect(
        pieces
          .map(({ choices }) => choices[0]!.delta.content)
          .reverse()
          .join(""),
      ).toBe("Hello there, you");
      expect(pieces.length).toBe(model === "ladder" ? 1 : 4); // a checked answer comes whole
      expect(last!.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
      expect(orchestrationOf(last!)).toMatchObject({ modelUsed: used, model: "strong-1" });
      expect(orchestrationOf(last!).decisions.map(({ kind }) => kind)).toEqual(kinds);
      expect(usage).toMatchObject({ choices: [], usage: { completion_tokens: model === "ladder" ? 7 : 5 } });
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
      expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    });

    it("calls tools, whole and streaming", async () => {
      serving.says({
        toolCalls: [
          { name: "weather", args: { city: "Oslo" } },
          { name: "weather", args: { city: "Bergen" } },
        ],
      });
      const request = { model, messages: asks("Weather?"), tools: [weather], tool_choice: "required" as const };
      const { choices } = await client.chat.completions.create(request);
      expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
      const calls = choices[0]!.message.tool_calls!.map((call) => call.type === "function" && call.function);
      expect(calls).toEqual([
        { name: "weather", arguments: '{"city":"Oslo"}' },
        { name: "weather", arguments: '{"city":"Bergen"}' },
      ]);
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      const { message, finish_reason } = streamed.choices[0]!;
      expect(finish_reason).toBe("tool_calls");
      expect(message.tool_calls!.map((call) => call.type === "function" && call.function.arguments)).toEqual([
        '{"city":"Oslo"}',
        '{"city":"Bergen"}',
      ]);
      expect(new Set(message.tool_calls!.map(({ id }) => id)).size).toBe(2);
    });

    it("answers in the form of a JSON schema, whole and streaming", async () => {
      const request = { model, messages: asks("Who?"), response_format: zodResponseFormat(Person, "person") };
      serving.says(provider === "ChatOpenAI" ? '{"name":"Ada","age":36}' : schemaCall);
      const { choices } = await client.chat.completions.parse(request);
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { parsed: { name: "Ada", age: 36 } } });
      const { tools, body } = serving.upstream.requests.at(-1)!;
      if (provider === "ChatOpenAI") expect([tools, body.response_format]).toEqual([[], request.response_format]);
      else expect(tools).toEqual(["person"]);
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      expect(streamed.choices[0]!.message.parsed).toEqual({ name: "Ada", age: 36 });
      serving.says('Here it is:\n```json\n{ "name": "Ada", "age": 36 }\n```');
      const fenced = await client.chat.completions.stream(request).finalChatCompletion();
      expect(fenced.choices[0]!.message.parsed).toEqual({ name: "Ada", age: 36 });
    });

    it("gives JSON without the fence around it", async () => {
      const request = { model, messages: asks("JSON!"), response_format: { type: "json_object" as const } };
      serving.says('```json\n{ "name": "Ada" }\n```');
      const { choices } = await client.chat.completions.create(request);
      expect(choices[0]!.message.content).toBe('{ "name": "Ada" }');
      if (provider === "ChatOpenAI") {
        expect(serving.upstream.requests.at(-1)!.body.response_format).toEqual({ type: "json_object" });
      }
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      expect(streamed.choices[0]!.message.content).toBe('{ "name": "Ada" }');
      serving.says('{ "name": "Ada" }');
      const live = await client.chat.completions.stream(request).finalChatCompletion();
      expect(live.choices[0]!.message.content).toBe('{ "name": "Ada" }');
    });

    it("is stopped by an abort, and so is the provider", async () => {
      serving.says(failWith.hang());
      for (const stream of [false, true]) {
        const before = serving.upstream.requests.length;
        const gone = new AbortController();
        const reply = client.chat.completions.create({ model, messages: asks("Hi"), stream }, { signal: gone.signal });
        await expect.poll(() => serving.upstream.requests.slice(before).at(-1)?.model).toBe("strong-1");
        gone.abort();
        await expect(reply).rejects.toBeInstanceOf(APIUserAbortError);
        await expect.poll(() => serving.upstream.requests.at(-1)!.aborted).toBe(true);
      }
    });
  });

  it.each(["plain", "router"])(
    "is stopped in the middle of a stream of model %s, and so is the provider",
    async (model) => {
      serving.says(failWith.hang({ afterChunks: 2 }));
      const stream = await client.chat.completions.create({ model, messages: asks("Hi"), stream: true });
      for await (const { choices } of stream) if (choices[0]?.delta.content) break;
      await expect.poll(() => serving.upstream.requests.at(-1)!.aborted).toBe(true);
    },
  );

  it.each([
    ["rate limit", failWith.rateLimit(), OpenAI.RateLimitError, "rate_limit_exceeded"],
    ["quota", failWith.quota(), OpenAI.APIError, "insufficient_quota"],
    ["bad request", failWith.badRequest(), OpenAI.BadRequestError, null],
    ["context overflow", failWith.contextOverflow(), OpenAI.BadRequestError, "context_length_exceeded"],
    ["limit on one request", failWith.rateLimit({ message: tooLarge }), OpenAI.APIError, "request_too_large"],
    ["refusal", failWith.contentFilter(), OpenAI.BadRequestError, "content_filter"],
    ["our own key's refusal", failWith.authentication(), OpenAI.PermissionDeniedError, "authentication"],
    ["unknown model", failWith.unknownModel(), OpenAI.PermissionDeniedError, "model_unavailable"],
    ["outage", failWith.server(), OpenAI.InternalServerError, "server"],
    ["broken connection", failWith.reset(), OpenAI.InternalServerError, "network"],
    ["empty answer", failWith.empty(), OpenAI.APIError, "empty"],
  ])("maps a provider's %s to the client's own error class", async (_, reply, ErrorClass, code) => {
    serving.says(reply);
    for (const stream of [false, true]) {
      const failed = client.chat.completions.create({ model: "plain", messages: asks("Hi"), stream });
      await expect(failed).rejects.toBeInstanceOf(ErrorClass);
      await expect(failed).rejects.toMatchObject({ code });
    }
  });

  it.each<[number, ReplySource]>([
    [402, failWith.quota()],
    [403, failWith.authentication()],
    [403, failWith.unknownModel()],
    [406, failWith.empty()],
  ])("gets status %i where asking again mends nothing, and asks once", async (status, reply) => {
    serving.says(reply);
    const before = serving.upstream.requests.length;
    const patient = serving.client({ maxRetries: 5 });
    const failed = patient.chat.completions.create({ model: "plain", messages: asks("Hi") });
    await expect(failed).rejects.toMatchObject({ status });
    expect(serving.upstream.requests.length - before).toBe(1);
  });

  it("asks an outage no second time where this server retried already", async () => {
    serving.says(failWith.server());
    const before = serving.upstream.requests.length;
    const patient = serving.client({ maxRetries: 5 });
    await expect(patient.chat.completions.create({ model: "plain", messages: asks("Hi") })).rejects.toThrow("server");
    expect(serving.upstream.requests.length - before).toBe(1);
  });

  it("ends a stream that breaks after its first words with an error event", async () => {
    serving.says(failWith.cut({ afterChunks: 2, text: "one two three four" }));
    const stream = await client.chat.completions.create({ model: "plain", messages: asks("Hi"), stream: true });
    let text = "";
    const read = async () => {
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(text).toBe("one two t");
  });
});
