import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { createEnsemble, createFallback, majorityVote } from "../../src/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { asks } from "./serving.js";

interface Answered {
  readonly choices: readonly [{ readonly finish_reason: string; readonly message: { readonly content: string } }];
  readonly orchestration: { readonly confidence: number | null };
}
type Sent = Record<string, unknown> & { readonly tools?: readonly unknown[]; readonly response_format?: object };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server of OpenAI's format in which everything can be written by hand. */
async function startByHand(reply: (body: Sent) => { status?: number; body: object } | string) {
  const sent: Sent[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const piece of request) text += piece;
    const body = JSON.parse(text) as Sent;
    sent.push(body);
    const answer = reply(body);
    if (typeof answer === "string") return response.writeHead(200, { "content-type": "text/event-stream" }).end(answer);
    response.writeHead(answer.status ?? 200, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const model = (more: object = {}) => ({
    model: new ChatOpenAI({ model: "m", apiKey: "none", configuration: { baseURL }, ...more }),
    retry: false as const,
  });
  return { sent, baseURL, model };
}

const completion = (message: object, finish = "stop") => ({
  body: {
    id: "1",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
});
const events = (...deltas: object[]) => {
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  return `${deltas.map((delta) => chunk(delta)).join("")}${chunk({}, "stop")}data: [DONE]\n\n`;
};
const send = (options: AppOptions, body: object) =>
  createApp({ onError: () => {}, ...options }).request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: asks("Hi"), ...body }),
  });
const json = async (reply: Response | Promise<Response>) => (await (await reply).json()) as Answered;

const schema = {
  type: "object",
  properties: { ok: { type: "boolean" } },
  required: ["ok"],
  additionalProperties: false,
};
const response_format = { type: "json_schema", json_schema: { name: "verdict", strict: true, schema } };
const plainTool = { type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } };

describe("response_format over a server of OpenAI's format", () => {
  it("reaches one that has no tools", async () => {
    const { sent, model } = await startByHand(({ tools, response_format: format }) =>
      tools || !format
        ? { status: 400, body: { error: { message: "tools are not supported" } } }
        : completion({ content: '{"ok":true}' }),
    );
    const { choices } = await json(send({ models: { m: model() } }, { response_format }));
    expect(choices[0].message.content).toBe('{"ok":true}');
    expect(sent).toMatchObject([{ response_format }]);
  });

  it("goes beside the request's tools as it came, and makes none of them strict", async () => {
    const { sent, model } = await startByHand(({ stream }) =>
      stream ? events({ content: '{"ok":true}' }) : completion({ content: '{"ok":true}' }),
    );
    for (const stream of [false, true]) {
      const reply = await send({ models: { m: model() } }, { response_format, tools: [plainTool], stream });
      expect(await reply.text()).toContain("ok");
    }
    for (const body of sent) expect(body).toMatchObject({ response_format, tools: [plainTool] });
    for (const { tools } of sent) expect(JSON.stringify(tools)).not.toContain("strict");
  });

  it("is a tool where the server refuses it, from then on", async () => {
    const call = { id: "1", type: "function", function: { name: "verdict", arguments: '{"ok":true}' } };
    const { sent, model } = await startByHand(({ response_format: format }) =>
      format
        ? { status: 400, body: { error: { message: "This response_format type is unavailable now" } } }
        : completion({ content: null, tool_calls: [call] }, "tool_calls"),
    );
    const options = { models: { m: model() } };
    for (let times = 0; times < 2; times++) {
      const { choices } = await json(send(options, { response_format }));
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: '{"ok":true}' } });
    }
    expect(sent.map(({ tools }) => tools?.length ?? 0)).toEqual([0, 1, 1]);
    expect(sent[1]!.tools).toMatchObject([{ function: { name: "verdict", strict: true } }]);
  });

  it("that is wrong itself is the caller's mistake, and is not asked for twice", async () => {
    const { sent, model } = await startByHand(() => ({
      status: 400,
      body: { error: { message: "Invalid schema for response_format 'verdict'", type: "invalid_request_error" } },
    }));
    expect((await send({ models: { m: model() } }, { response_format })).status).toBe(400);
    expect(sent.length).toBe(1);
  });

  it("lets votes compare what is in it, not how it is written", async () => {
    const { model } = await startByHand(({ model: name }) =>
      completion({ content: name === "a" ? '{"ok":true}' : '{ "ok" : true }' }),
    );
    const models = { a: model({ model: "a" }), b: model({ model: "b" }) };
    const graph = createEnsemble({ models, aggregate: majorityVote() });
    const { choices, orchestration } = await json(send({ graphs: { graph } }, { response_format }));
    expect([JSON.parse(choices[0].message.content), orchestration.confidence]).toEqual([{ ok: true }, 1]);
  });
});

describe("response_format over Ollama", () => {
  it("is its own format, and a tool beside others", async () => {
    const { sent, baseURL } = await startByHand(() => ({ body: {} }));
    const model = new ChatOllama({ model: "m", baseUrl: baseURL.replace("/v1", "") });
    const options = { models: { m: { model, retry: false as const } } };
    await send(options, { response_format, seed: 7, temperature: 0.5, max_tokens: 9 });
    await send(options, { response_format, tools: [plainTool] });
    expect(sent[0]).toMatchObject({ format: schema, options: { seed: 7, temperature: 0.5, num_predict: 9 } });
    expect(sent[1]).toMatchObject({ tools: [{}, { function: { name: "verdict" } }] });
    expect(sent[1]).not.toHaveProperty("format");
  });
});

describe("what a model thought", () => {
  it.each(["reasoning_content", "reasoning"])(
    "comes back as reasoning_content, whole and streaming: %s",
    async (field) => {
      const { model } = await startByHand(({ stream }) =>
        stream
          ? events({ [field]: "Let me " }, { [field]: "see." }, { content: "Yes." })
          : completion({ content: "Yes.", [field]: "Let me see." }),
      );
      for (const options of [
        { models: { m: model() } },
        { graphs: { m: createFallback({ models: { m: model() } }) } },
      ]) {
        const { choices } = await json(send(options, {}));
        expect(choices[0].message).toMatchObject({ content: "Yes.", reasoning_content: "Let me see." });
        const text = await (await send(options, { stream: true })).text();
        const deltas = [...text.matchAll(/^data: (\{.*)$/gm)].map(
          ([, event]) => JSON.parse(event!).choices[0]?.delta ?? {},
        );
        expect(deltas.map(({ reasoning_content = "" }) => reasoning_content).join("")).toBe("Let me see.");
        expect(deltas.map(({ content = "" }) => content).join("")).toBe("Yes.");
      }
    },
  );

  it("goes back with the history, and not to OpenAI's own server", async () => {
    const { sent, model } = await startByHand(({ stream }) =>
      stream ? events({ content: "Yes." }) : completion({ content: "Yes." }),
    );
    const call = { id: "1", type: "function", function: { name: "weather", arguments: "{}" } };
    const messages = [
      ...asks("Hi"),
      { role: "assistant", content: "", reasoning_content: "I need the weather.", tool_calls: [call] },
      { role: "tool", tool_call_id: "1", content: "Rain" },
    ];
    for (const stream of [false, true])
      await (await send({ models: { m: model() } }, { messages, stream, tools: [plainTool] })).text();
    for (const body of sent)
      expect(body.messages).toMatchObject([{}, { reasoning_content: "I need the weather." }, { role: "tool" }]);
    const bodies: string[] = [];
    const fetch = (async (_: unknown, { body }: { body: string }) => {
      bodies.push(body);
      return Response.json(completion({ content: "Yes." }).body);
    }) as unknown as typeof globalThis.fetch;
    const own = new ChatOpenAI({ model: "gpt-4o", apiKey: "none", configuration: { fetch } });
    expect((await send({ models: { own } }, { messages })).status).toBe(200);
    expect(bodies[0]).not.toContain("reasoning_content");
  });
});

describe("a provider's reply", () => {
  it.each([
    ["in one piece", false],
    ["as a stream", true],
  ])("is read up to its limit: %s", async (_, stream) => {
    const content = "x".repeat(20_000);
    const { sent, model } = await startByHand(({ stream: streams }) =>
      streams ? events({ content }, { content }) : completion({ content }),
    );
    const bounded = { ...model(), limit: { replyBytes: 10_000 } };
    const reply = await send({ models: { m: bounded } }, { stream });
    expect(await reply.text()).toContain("more than 10000 bytes");
    expect(sent.length).toBe(1);
    const free = await send({ models: { m: { ...model(), limit: { replyBytes: 100_000 } } } }, { stream });
    expect([free.status, (await free.text()).includes(content)]).toEqual([200, true]);
  });

  it("has a limit that is a number of bytes", async () => {
    const { model } = await startByHand(() => completion({ content: "" }));
    for (const replyBytes of [0, -1, 0.5, "9" as unknown as number]) {
      expect(() => createFallback({ models: { m: { ...model(), limit: { replyBytes } } } })).toThrow(
        "limit.replyBytes",
      );
    }
  });
});
