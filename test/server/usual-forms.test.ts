import { request as send } from "node:http";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFallback } from "../../src/index.js";
import { createApp, serve } from "../../src/server/index.js";
import type { Provider } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { asks, type Serving, startServing } from "./serving.js";

const turn = (answer: object) => [...asks("Hi"), { role: "assistant", ...answer }, ...asks("And?")];
const called = (call: object) => [
  ...asks("Hi"),
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "tool", content: "Rain" },
  ...asks("So?"),
];
const schema = { type: "object", properties: { ok: { type: "boolean" } } };
const image = "data:image/png;base64,iVBORw0KGgo=";

/** What clients send, and what of it must be found in the request the provider gets. */
const accepted: [string, object, RegExp?][] = [
  ["max_tokens of -1", { max_tokens: -1 }],
  ["max_tokens of 0", { max_tokens: 0, max_completion_tokens: 0 }],
  ["no stop", { stop: "" }],
  ["a list of no stops", { stop: [null, ""] }],
  [
    "thoughts in the history",
    {
      messages: turn({
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Yo" },
        ],
      }),
    },
    /Yo/,
  ],
  ["hidden thoughts", { messages: turn({ content: [{ type: "redacted_thinking", data: "x" }] }) }],
  ["parts of the Responses API", { messages: turn({ content: [{ type: "output_text", text: "Yo" }] }) }, /Yo/],
  ["an input_text", { messages: [{ role: "user", content: [{ type: "input_text", text: "Hey" }] }] }, /Hey/],
  ["a part without type", { messages: [{ role: "user", content: [{ text: "Hey" }] }] }, /Hey/],
  ["texts for parts", { messages: [{ role: "user", content: ["Hey", "you"] }] }, /Hey.*you/],
  ["one part, without a list", { messages: [{ role: "user", content: { type: "text", text: "Hey" } }] }, /Hey/],
  ["an answer of null", { messages: turn({ content: null }) }],
  ["an answer of nothing", { messages: turn({}) }],
  ["an empty answer", { messages: turn({ content: "" }) }],
  ["an answer of no parts", { messages: turn({ content: [] }) }],
  ["no calls", { messages: turn({ content: "Yo", tool_calls: [] }) }, /Yo/],
  [
    "a question without content, before another",
    { messages: [{ role: "user", content: null }, ...asks("Hey")] },
    /Hey/,
  ],
  ["instructions of null", { messages: [{ role: "system", content: null }, ...asks("Hey")] }, /Hey/],
  ["an empty name", { messages: [{ role: "user", content: "Hey", name: "" }] }, /Hey/],
  [
    "arguments that are an object",
    { messages: called({ id: "1", type: "function", function: { name: "f", arguments: { city: "Oslo" } } }) },
    /Oslo.*Rain/,
  ],
  ["a call without id, type and arguments", { messages: called({ function: { name: "weather" } }) }, /weather.*Rain/],
  ["no tools, and a choice", { tools: [], tool_choice: "auto" }],
  ["a choice of tools that are not there", { tool_choice: "none" }],
  ["a tool without type", { tools: [{ function: { name: "weather" } }] }, /weather/],
  [
    "a flat tool and choice",
    {
      tools: [{ type: "function", name: "weather", parameters: schema }],
      tool_choice: { type: "function", name: "weather" },
    },
    /weather/,
  ],
  ["any tool", { tools: [{ type: "function", function: { name: "weather" } }], tool_choice: "any" }, /required|ANY/],
  [
    "a choice that is an object",
    { tools: [{ type: "function", function: { name: "weather" } }], tool_choice: { type: "auto" } },
    /weather/,
  ],
  ["legacy fields without functions", { functions: [], function_call: "auto" }],
  ["text as the format", { response_format: { type: "text" } }],
  ["no log-probabilities", { logprobs: false, top_logprobs: null, logit_bias: {} }],
  ["metadata of numbers", { metadata: { attempt: 1, beta: true, none: null } }],
  ["a numbered user", { user: 7 }],
  ["an empty model", { model: "" }],
  [
    "null everywhere",
    {
      stream: null,
      stop: null,
      n: null,
      seed: null,
      reasoning_effort: null,
      user: null,
      tools: null,
      response_format: null,
    },
  ],
];

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])(
  "a request as clients write it, over %s",
  (provider) => {
    let serving: Serving;
    beforeAll(async () => {
      serving = await startServing(provider, { defaultModel: "plain" });
      serving.says("Hello!");
    });
    afterAll(() => serving.close());

    it.each(accepted)("is accepted: %s", async (_, fields, found = /Hi|Hey|And/) => {
      const before = serving.upstream.requests.length;
      const reply = await serving.post({ model: "plain", messages: asks("Hi"), ...fields });
      expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("Hello!")]);
      expect(JSON.stringify(serving.upstream.requests[before]!.body)).toMatch(found);
    });

    it("hands on no turn that says nothing", async () => {
      await serving.post({ model: "plain", messages: turn({ content: null }) });
      expect(serving.upstream.requests.at(-1)!.messages.map(({ role, text }) => `${role} ${text}`)).not.toContain(
        "assistant ",
      );
    });

    it("takes a schema without a name, flat, or beside json_object", async () => {
      serving.says(provider === "ChatOpenAI" ? '{"ok":true}' : { toolCalls: [{ name: "answer", args: { ok: true } }] });
      for (const format of [
        { type: "json_schema", json_schema: { schema } },
        { type: "json_schema", schema },
        { type: "json_object", schema },
      ]) {
        const reply = await serving.post({ model: "plain", messages: asks("Hi"), response_format: format });
        expect(await reply.json()).toMatchObject({ choices: [{ message: { content: '{"ok":true}' } }] });
        expect(JSON.stringify(serving.upstream.requests.at(-1)!.body)).toContain('"ok"');
      }
      serving.says("Hello!");
    });
  },
);

describe("an image as clients write it", () => {
  it.each([
    { type: "image_url", image_url: image },
    { type: "input_image", image_url: image, detail: "low" },
  ])("is shown: $type", async (part) => {
    const serving = await startServing("ChatOpenAI");
    serving.says("A dot.");
    expect((await serving.post({ model: "plain", messages: [{ role: "user", content: [part] }] })).status).toBe(200);
    expect(JSON.stringify(serving.upstream.requests.at(-1)!.body)).toContain(`"url":"${image}"`);
    await serving.close();
  });
});

describe("a path as clients write it", () => {
  const app = createApp({ models: { small: new FakeListChatModel({ responses: ["Hello!"] }) }, apiKeys: ["key"] });
  const headers = { "content-type": "application/json; charset=utf-8", authorization: "Bearer key" };
  const body = `\ufeff${JSON.stringify({ messages: asks("Hi") })}`;

  it.each([
    "/v1/chat/completions",
    "/v1/chat/completions/",
    "//v1//chat/completions",
    "/chat/completions",
    "/chat/completions/",
  ])("is served: %s", async (path) => {
    expect((await app.request(path, { method: "POST", headers, body })).status).toBe(200);
    expect((await app.request(path, { method: "POST", headers: { "content-type": "application/json" } })).status).toBe(
      401,
    );
    expect((await app.request(path, { headers })).status).toBe(405);
  });

  it.each(["/v1/models", "/v1/models/", "/models", "/v1/models/small", "/v1/models/small/"])(
    "is served: GET %s",
    async (path) => {
      expect((await app.request(path, { headers })).status).toBe(200);
      expect((await app.request(path, { method: "HEAD", headers })).status).toBe(200);
      expect((await app.request(path)).status).toBe(401);
    },
  );

  it.each([
    ["a charset it does not read", { "content-type": "application/json; charset=utf-16" }],
    ["a body that is packed", { "content-encoding": "gzip" }],
  ])("is refused with %s", async (_, more) => {
    const reply = await app.request("/v1/chat/completions", { method: "POST", headers: { ...headers, ...more }, body });
    expect(reply.status).toBe(415);
  });
});

describe("a name this machine is called by", () => {
  const call = (url: string, host: string) =>
    new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const options = { method: "POST", headers: { "content-type": "application/json", host } };
      const sent = send(`${url}/v1/chat/completions`, options, async (reply) => {
        let text = "";
        for await (const piece of reply) text += piece;
        resolve({ status: reply.statusCode, text });
      });
      sent.on("error", reject).end(JSON.stringify({ messages: asks("Hi") }));
    });
  const served = () => ({ graphs: { assistant: createFallback({ models: { a: saying("Hello!") } }) } });

  it("is refused with what to do, and taken once it is allowed", async () => {
    const server = await serve(served(), { port: 0 });
    const refused = await call(server.url, "host.docker.internal:8000");
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("--allow-host host.docker.internal");
    expect(refused.text).toContain("MULTIMODEL_API_KEYS");
    await server.close();
    const open = await serve(served(), { port: 0, allowedHosts: ["Host.docker.internal"] });
    expect((await call(open.url, "host.docker.internal:8000")).status).toBe(200);
    expect((await call(open.url, "evil.example")).status).toBe(403);
    await open.close();
  });

  it("has no port and no path", async () => {
    for (const name of ["host:80", "http://host", "", 5]) {
      await expect(serve(served(), { port: 0, allowedHosts: [name as string] })).rejects.toThrow("serve.allowedHosts");
    }
  });
});
