import { AIMessageChunk } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placeCalls } from "../../src/server/answer/tool-call-places.js";
import { createApp } from "../../src/server/index.js";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { asks, type Serving, startServing } from "./serving.js";

/** Lines of an event stream, as they are on the wire. */
const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");
const eventsOf = (text: string) =>
  linesOf(text)
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)));

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("a stream over %s", (provider) => {
  let serving: Serving;
  let hasty: Serving;
  beforeAll(async () => {
    serving = await startServing(provider);
    hasty = await startServing(provider, { keepAlive: 20 });
  });
  afterAll(async () => {
    await serving.close();
    await hasty.close();
  });
  const stream = (model: string, more: object = {}, of = serving) =>
    of.post({ model, messages: asks("Hi"), stream: true, ...more });

  it("has events of one line each, and [DONE] at its end", async () => {
    serving.says("one\ntwo");
    const reply = await stream("plain");
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    expect(reply.headers.get("cache-control")).toBe("no-cache");
    expect(reply.headers.get("x-accel-buffering")).toBe("no");
    const text = await reply.text();
    expect(linesOf(text).every((line) => line.startsWith("data: "))).toBe(true);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const events = eventsOf(text);
    expect(events.map(({ choices }) => choices[0].delta.content ?? "").join("")).toBe("one\ntwo");
    expect(events.every((event) => !("usage" in event))).toBe(true); // nobody asked for it
  });

  it("says why it ended", async () => {
    serving.says({ text: "and so on", finishReason: "length" });
    const events = eventsOf(await (await stream("plain")).text());
    expect(events.at(-1).choices[0].finish_reason).toBe("length");
  });

  it("keeps a connection alive while an answer is made that is held until it is checked", async () => {
    let answer = (_: string) => {};
    const answered = new Promise<string>((resolve) => {
      answer = resolve;
    });
    hasty.says(() => answered);
    const reply = await stream("ladder", {}, hasty);
    expect(reply.status).toBe(200);
    let text = "";
    for await (const bytes of reply.body!) {
      text += new TextDecoder().decode(bytes as Uint8Array);
      if (linesOf(text).filter((line) => line === ": keep-alive").length === 2) answer("Hello, at last");
    }
    expect(eventsOf(text).map(({ choices }) => choices[0].delta.content ?? "")).toEqual(["", "Hello, at last", ""]);
  });

  it("has an error event where it fails after it began", async () => {
    hasty.says(failWith.server({ delayMs: 200 }));
    const late = await (await stream("plain", {}, hasty)).text();
    expect(eventsOf(late).at(-1)).toMatchObject({ error: { type: "upstream_error", code: "server" } });
    serving.says(failWith.cut({ afterChunks: 2 }));
    const cut = await (await stream("plain")).text();
    expect(eventsOf(cut).at(-1)).toMatchObject({ error: { type: "upstream_error", code: "answer_discarded" } });
    for (const text of [late, cut]) expect(text).not.toContain("[DONE]");
  });

  it("has the status of what fails before its first word", async () => {
    serving.says(failWith.rateLimit());
    expect((await stream("plain")).status).toBe(429);
    expect((await stream("ladder")).status).toBe(200); // the draft is better than nothing
    expect((await stream("plain", { temperature: 9 })).status).toBe(400);
  });

  it("tells the id and the name of a tool call once, and its place with every part", async () => {
    const toolCalls = [
      { name: "weather", args: { city: "Oslo" } },
      { name: "weather", args: { city: "Bergen" } },
    ];
    serving.says({ toolCalls });
    const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
    for (const model of ["plain", "router", "ladder"]) {
      const events = eventsOf(await (await stream(model, { tools })).text());
      const parts = events.flatMap(({ choices }) => choices[0].delta.tool_calls ?? []);
      for (const place of [0, 1]) {
        const [first, ...rest] = parts.filter(({ index }) => index === place);
        expect(first).toMatchObject({ id: expect.any(String), type: "function", function: { name: "weather" } });
        for (const part of rest) expect(Object.keys(part)).toEqual(["index", "function"]);
        expect([first, ...rest].map((part) => part.function.arguments).join("")).toBe(
          JSON.stringify(toolCalls[place]!.args),
        );
      }
      expect(events.at(-1).choices[0].finish_reason).toBe("tool_calls");
    }
  });
});

describe("placeCalls", () => {
  const part = (fields: object) => ({ type: "tool_call_chunk" as const, ...fields });

  it("tells calls apart that all count from 0", () => {
    const place = placeCalls(undefined);
    const placed = ["a", "b"].map((id) => place([part({ id, index: 0, name: "f", args: "{}" })]).calls);
    expect(placed.flat().map(({ index, id }) => [index, id])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
  });

  it("joins parts by their place, with and without an id in each", () => {
    const place = placeCalls(undefined);
    const chunks = [part({ id: "a", index: 0, name: "f", args: "{" }), part({ id: "b", index: 1, name: "g" })];
    place(chunks);
    const { calls } = place([
      part({ index: 1, args: "2" }),
      part({ index: 0, args: "1" }),
      part({ id: "a", index: 0, args: "}" }),
    ]);
    expect(calls).toEqual([
      { index: 1, args: "2" },
      { index: 0, args: "1" },
      { index: 0, args: "}" },
    ]);
  });

  it.each(["", null, undefined])("takes %j in a later part for no id and no name of its own", (nothing) => {
    const place = placeCalls(undefined);
    const later = { id: nothing as string, name: nothing as string };
    place([part({ id: "a", index: 0, name: "f", args: "" }), part({ id: "b", index: 1, name: "g", args: "" })]);
    expect(place([part({ ...later, index: 1, args: "2" }), part({ ...later, index: 0, args: "1" })]).calls).toEqual([
      { index: 1, args: "2" },
      { index: 0, args: "1" },
    ]);
  });

  it("makes up an id where there is none", () => {
    const { calls } = placeCalls(undefined)([part({ name: "f", args: "{}" })]);
    expect(calls).toEqual([{ index: 0, id: expect.stringMatching(/^call_/), name: "f", args: "{}" }]);
  });

  it("takes the first call of the form's tool for the answer, and drops others of it", () => {
    const place = placeCalls("form");
    const placed = [
      place([part({ id: "a", index: 0, name: "form", args: '{"a"' })]),
      place([part({ index: 0, args: ":1}" }), part({ id: "b", index: 1, name: "form", args: "{}" })]),
      place([part({ id: "c", index: 2, name: "f", args: "{}" })]),
    ];
    expect(placed.map(({ answer }) => answer).join("")).toBe('{"a":1}');
    expect(placed.flatMap(({ calls }) => calls)).toEqual([{ index: 0, id: "c", name: "f", args: "{}" }]);
  });
});

describe("a tool call whose arguments are no JSON", () => {
  const call = (index: number, args: string) =>
    ({ type: "tool_call_chunk", id: String(index), index, name: "f", args }) as const;
  async function replyTo(...calls: readonly ReturnType<typeof call>[]) {
    const chunk = new AIMessageChunk({ content: "", tool_call_chunks: [...calls] });
    const model = saying(chunk, chunk);
    const body = { messages: asks("Hi"), tools: [{ type: "function", function: { name: "f" } }] };
    const reply = await createApp({ models: { model } }).request("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: reply.status, body: (await reply.json()) as object };
  }

  it("is handed on as the model wrote it beside one that can be read", async () => {
    const { body } = await replyTo(call(0, '{"city": "Bergen"}'), call(1, '{"city": Oslo'));
    expect(body).toMatchObject({
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            tool_calls: [
              { function: { arguments: '{"city":"Bergen"}' } },
              { function: { arguments: '{"city": Oslo' } },
            ],
          },
        },
      ],
    });
  });

  it("is no answer where it is all there is", async () => {
    const { status, body } = await replyTo(call(0, '{"city": Oslo'));
    expect(status).toBe(406);
    expect(body).toMatchObject({ error: { code: "empty", message: expect.stringContaining('f({"city": Oslo)') } });
  });
});
