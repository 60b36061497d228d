import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failWith } from "../../src/testing/index.js";
import { asks, type Serving, served, startServing } from "./serving.js";

interface Reply {
  readonly choices: readonly {
    readonly finish_reason: string;
    readonly message: { readonly content: string | null };
  }[];
  readonly usage: { readonly completion_tokens: number };
  readonly orchestration: { readonly modelUsed: string; readonly model: string; readonly costUsd: number };
}
const schema = { name: "person", strict: true, schema: { type: "object", properties: {} } };
const forms = {
  object: { type: "json_object" as const },
  schema: { type: "json_schema" as const, json_schema: schema },
};

describe("an answer over ChatOpenAI", () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing("ChatOpenAI");
  });
  afterAll(() => serving.close());
  const whole = async (body: object) => (await (await serving.post({ messages: asks("Hi"), ...body })).json()) as Reply;
  /** Content of a plain reply, and of a stream. */
  const contents = async (model: string, response_format: object) => {
    const { choices } = await whole({ model, response_format });
    const request = { model, messages: asks("Hi"), response_format: response_format as typeof forms.object };
    const streamed = await serving.client().chat.completions.stream(request).finalChatCompletion();
    return [choices[0]!.message.content, streamed.choices[0]!.message.content];
  };

  it.each(served)("of model %s is JSON as it was written, with nothing before or behind it", async (model) => {
    const json = '{"id": 9007199254740993, "p": 1.0, "s": "a \\"}\\" {["}';
    for (const form of Object.values(forms)) {
      for (const text of [
        json,
        `${json}\n\nHope this helps: {}!`,
        `Here:\n\`\`\`json\n${json}\n\`\`\``,
        ` \n${json}`,
      ]) {
        serving.says({ text, chunks: 9 });
        expect(await contents(model, form)).toEqual([json, json]);
      }
    }
    serving.says({ toolCalls: [{ name: "person", args: json }] });
    expect(await contents(model, forms.schema)).toEqual([json, json]);
  });

  it.each(served)("of model %s in prose is none where a schema was asked for", async (model) => {
    serving.says("I would rather tell it in words.");
    const body = { model, messages: asks("Hi"), response_format: forms.schema };
    const refused = await serving.post(body);
    expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([406, "false"]);
    expect(await refused.json()).toMatchObject({ error: { type: "upstream_error", code: "invalid_form" } });
    const stream = await (await serving.post({ ...body, stream: true })).text();
    expect(stream).toContain('"code":"invalid_form"');
    expect(stream).not.toContain("[DONE]");
    serving.says({ text: "I would rather", finishReason: "length" });
    expect((await whole(body)).choices[0]).toMatchObject({ finish_reason: "length" }); // it had no time to get there
    expect((await whole({ ...body, response_format: forms.object })).choices[0]!.message.content).toBe(
      "I would rather",
    );
  });

  it("that is empty for its token limit is one, with what it cost", async () => {
    const usage = { inputTokens: 10, outputTokens: 50, reasoningTokens: 50 };
    serving.says({ text: "", finishReason: "length", usage });
    const { choices, usage: used, orchestration } = await whole({ model: "plain", max_completion_tokens: 50 });
    expect(choices[0]).toMatchObject({ finish_reason: "length", message: { content: "" } });
    expect(used.completion_tokens).toBe(50);
    expect(orchestration).toMatchObject({ modelUsed: "plain", model: "strong-1", costUsd: 110e-6 });
    const request = { model: "plain", messages: asks("Hi"), stream_options: { include_usage: true } };
    const streamed = await serving.client().chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]).toMatchObject({ finish_reason: "length" });
    expect(streamed.usage!.completion_tokens).toBe(50);
    const failed = await serving.post({ model: "router", messages: asks("Hi") });
    expect([failed.status, await failed.text()]).toEqual([406, expect.stringContaining("token limit was used up")]);
    expect((await whole({ model: "router", max_tokens: 50 })).choices[0]).toMatchObject({ finish_reason: "length" });
  });

  it.each(["absent", null, ""] as const)("streams where no delta says whose words it is: %j", async (role) => {
    serving.says({ text: "Hello there, you", deltas: { role: [role, role] }, usage: { outputTokens: 5 } });
    for (const model of served) {
      const request = { model, messages: asks("Hi"), stream: true, stream_options: { include_usage: true } } as const;
      const pieces: string[] = [];
      let tokens = 0;
      for await (const { choices, usage } of await serving.client().chat.completions.create(request)) {
        pieces.push(choices[0]?.delta.content ?? "");
        tokens = usage?.completion_tokens ?? tokens;
      }
      const shown = pieces.filter((piece) => piece !== "");
      expect([shown.join(""), shown.length]).toEqual(["Hello there, you", model === "ladder" ? 1 : 4]);
      expect(tokens).toBe(model === "ladder" ? 7 : 5);
    }
  });

  it("says when to come back, as its provider did", async () => {
    serving.says(failWith.rateLimit({ retryAfter: "7" }));
    for (const stream of [false, true]) {
      const reply = await serving.post({ model: "plain", messages: asks("Hi"), stream });
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "7"]);
    }
  });

  it("says when to come back where an outage may be over by then", async () => {
    serving.says(failWith.server());
    const reply = await serving.post({ model: "plain", messages: asks("Hi") });
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([502, "5"]);
    serving.says(failWith.authentication());
    const final = await serving.post({ model: "plain", messages: asks("Hi") });
    expect([final.status, final.headers.get("retry-after")]).toEqual([403, null]);
  });

  it.each(["plain", "router"])("of model %s that is a refusal is one, as its provider gave it", async (model) => {
    serving.says({ refusal: "I will not say." });
    const request = { model, messages: asks("Hi"), stream_options: { include_usage: true } };
    const { choices, usage } = await whole({ model });
    expect(choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: null, refusal: "I will not say." },
    });
    expect(usage.completion_tokens).toBeGreaterThan(0);
    const streamed = await serving.client().chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]).toMatchObject({ finish_reason: "stop", message: { refusal: "I will not say." } });
    expect((await whole({ model, response_format: forms.schema })).choices[0]!.message.content).toBeNull();
  });

  it("that a filter stopped ends so", async () => {
    serving.says({ text: "Half a", finishReason: "content_filter" });
    expect((await whole({ model: "plain" })).choices[0]).toMatchObject({ finish_reason: "content_filter" });
    const stream = await (await serving.post({ model: "router", messages: asks("Hi"), stream: true })).text();
    expect(stream).toContain('"finish_reason":"content_filter"');
    expect(stream).not.toContain("Half a");
  });

  it("has its cost where clients look for it", async () => {
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    const { usage, orchestration } = await whole({ model: "plain" });
    expect((usage as { cost?: number }).cost).toBe(orchestration.costUsd);
    const request = { model: "plain", messages: asks("Hi"), stream_options: { include_usage: true } };
    const streamed = await serving.client().chat.completions.stream(request).finalChatCompletion();
    expect(streamed.usage).toMatchObject({ cost: orchestration.costUsd });
  });

  it("tells callers what happened, and not what the operator should do", async () => {
    const errorOf = async () => {
      const reply = await serving.post({ model: "plain", messages: asks("Hi") });
      return ((await reply.json()) as { error: { message: string } }).error.message;
    };
    serving.says(failWith.authentication());
    expect(await errorOf()).toBe(
      "No model answered.\nplain: authentication: the provider refused the key of this server",
    );
    serving.says(failWith.errorEvent());
    expect(await errorOf()).toBe("No model answered.\nplain: server: the provider sent what its client cannot read");
  });
});
