import { inspect } from "node:util";
import { AIMessage } from "@langchain/core/messages";
import { interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import OpenAI from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  InvalidOptionError,
} from "../../src/index.js";
import { type AppOptions, createApp, serve } from "../../src/server/index.js";
import { failWith, startLoopbackServer } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { httpError, saying } from "../support/fakes.js";
import { asks, startServing } from "./serving.js";

afterEach(() => {
  vi.restoreAllMocks();
});
const post = (options: AppOptions, more: object = {}) =>
  createApp({ onError: () => {}, ...options }).request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: asks("Hi"), ...more }),
  });
const down = () => ({ model: saying(new Error("down")), retry: false as const });

describe("a failure of this server", () => {
  it("is paid once: clients that know the header ask no second time", async () => {
    const upstream = await startLoopbackServer();
    const model = providers.ChatOpenAI(upstream, "paid");
    const bug = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("bug", () => {
        throw new Error("a bug");
      })
      .addEdge(START, "ask")
      .addEdge("ask", "bug")
      .compile();
    const server = await serve({ graphs: { bug }, onError: () => {} }, { port: 0 });
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" }); // with the retries it has
    const asked = client.chat.completions.create({ model: "bug", messages: asks("Hi") });
    await expect(asked).rejects.toMatchObject({ status: 406 });
    expect(upstream.requests.length).toBe(1);
    await server.close();
    await upstream.close();
  });
});

describe("a bug", () => {
  const bug = () => {
    throw new TypeError("a bug");
  };
  const models = () => ({ a: saying("draft"), b: saying("better") });

  it.each([
    ["verify", () => createCascade({ models: models(), verify: bug }), 406],
    ["aggregate", () => createEnsemble({ models: models(), aggregate: bug }), 406],
    ["route", () => createRouter({ models: models(), route: bug }), 500],
  ] as const)("in %s has a status that no client repeats where something was paid", async (_, graph, status) => {
    const reply = await post({ graphs: { m: graph() } }, { model: "m" });
    expect([reply.status, reply.headers.get("x-should-retry")]).toEqual([status, "false"]);
    expect(await reply.text()).not.toContain("a bug");
  });
});

describe("onError", () => {
  const full = () => {
    throw new Error("the log is full, key sk-abcdefgh12345678");
  };

  it.each<[string, AppOptions["onError"]]>([
    ["throws", full],
    ["rejects", async () => full()],
  ])("that %s changes no reply, and ends nothing", async (_, onError) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const serving = await startServing("ChatOpenAI", { onError });
    serving.says(failWith.server());
    expect((await serving.post({ model: "plain", messages: asks("Hi") })).status).toBe(502);
    serving.says(failWith.cut({ afterChunks: 2 }));
    const stream = await (await serving.post({ model: "plain", messages: asks("Hi"), stream: true })).text();
    expect(stream).toContain('"code":"answer_discarded"');
    await expect.poll(() => logged.mock.calls.length).toBe(2); // an unhandled rejection would fail this run
    expect(logged.mock.calls.flat()).toEqual(
      Array(2).fill("createApp.onError failed: the log is full, key [redacted]"),
    );
    await serving.close();
  });

  it("is told which request it was, by the id that its caller has", async () => {
    const told = vi.fn();
    const reply = await post({ models: { small: down() }, onError: told });
    const id = reply.headers.get("x-request-id");
    expect(told).toHaveBeenCalledExactlyOnceWith(expect.any(Error), { id, model: "small" });
    const answered = await post({ models: { small: saying("Hi!") } });
    expect(await answered.json()).toMatchObject({ id: answered.headers.get("x-request-id") });
  });
});

describe("where a model is", () => {
  const nowhere = () =>
    new ChatOpenAI({ model: "m", apiKey: "none", configuration: { baseURL: "http://127.0.0.1:9/v1" } });
  const unknown = () => saying(new Error("getaddrinfo ENOTFOUND gpu-3.internal"));
  const missing = () => saying(httpError(404, "The model `/srv/models/own` does not exist"));
  const careless = () => {
    throw new Error("connect ECONNREFUSED 127.0.0.1:9 gpu-3.internal /srv/models");
  };

  it.each([
    ["nobody answers there", nowhere, /Connection error/],
    ["its host is unknown", unknown, /gpu-3/],
    ["it is a file", missing, /srv/],
  ])("is told to the operator, and to no caller: %s", async (_, client, place) => {
    const onError = vi.fn();
    for (const stream of [false, true]) {
      const down = () => ({ model: client(), retry: false as const });
      const chain = createFallback({ models: { a: down(), b: down() } });
      const ladder = createCascade({ models: { small: saying("So.") }, verify: careless });
      for (const options of [{ models: { small: down() } }, { graphs: { chain } }, { graphs: { ladder } }]) {
        const text = await (await post({ ...options, onError } as AppOptions, { stream })).text();
        expect(text).not.toMatch(/127\.0\.0\.1|gpu-3|srv/);
      }
    }
    expect(inspect(onError.mock.calls[0]![0], { depth: 9 })).toMatch(place);
  });
});

describe("a graph that keeps threads or stops for a person", () => {
  it("is refused with a checkpointer, for requests name no thread", () => {
    const graph = createFallback({ models: { a: saying() } }).compile({ checkpointer: new MemorySaver() });
    expect(() => createApp({ graphs: { graph } })).toThrow(InvalidOptionError);
    expect(() => createApp({ graphs: { graph } })).toThrow("compile it without a checkpointer");
    expect(() => createApp({ models: { graph } })).toThrow(InvalidOptionError);
  });

  it("says so where it stops", async () => {
    const asking = new StateGraph(MessagesAnnotation)
      .addNode("ask", () => ({ messages: [new AIMessage(String(interrupt("Sure?")))] }))
      .addEdge(START, "ask")
      .compile();
    const draft = saying("draft");
    const stopping = createCascade({ models: { a: draft, b: saying() }, verify: check(() => false) }).compile({
      interruptBefore: ["b"],
    });
    for (const graph of [asking, stopping]) {
      const reply = await post({ graphs: { graph } });
      expect([reply.status, reply.headers.get("x-should-retry")]).toEqual([406, "false"]);
      expect(await reply.json()).toMatchObject({ error: { code: "interrupted" } });
    }
    expect(draft.callCount).toBe(1);
  });
});

describe("a request nobody was chosen for", () => {
  it("hears that, and no advice for whoever wrote the route", async () => {
    const graph = createRouter({ models: { a: saying() }, route: () => ({ name: undefined, reason: "secret rule" }) });
    const reply = await post({ graphs: { graph } });
    expect([reply.status, await reply.json()]).toMatchObject([
      406,
      { error: { message: "No model was chosen for this request", code: "no_route" } },
    ]);
  });
});
