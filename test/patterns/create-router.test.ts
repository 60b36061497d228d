import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import {
  check,
  classifyWith,
  createRouter,
  firstOf,
  fullHistory,
  InvalidModelError,
  InvalidModelNameError,
  InvalidOptionError,
  ModelCallError,
  NoRouteError,
  UnknownRouteError,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const once = { retry: false } as const;

describe("createRouter", () => {
  it("has the shape of its topology line", () => {
    const models = { chat: saying(), code: saying() };
    expect(shapeOf(createRouter({ models, route: () => "chat" }))).toMatchInlineSnapshot(`
      [
        "__start__ → router",
        "chat → __end__",
        "code → __end__",
        "router ⇢ chat",
        "router ⇢ code",
      ]
    `);
    const verify = check(() => true);
    expect(shapeOf(createRouter({ models, route: () => "chat", verify, fallback: saying() }))).toMatchInlineSnapshot(`
      [
        "__start__ → router",
        "chat → verifier",
        "code → verifier",
        "fallback → __end__",
        "router ⇢ chat",
        "router ⇢ code",
        "router ⇢ fallback",
        "verifier ⇢ __end__",
        "verifier ⇢ fallback",
      ]
    `);
  });

  it("asks the chosen model only, and records candidates and reason", async () => {
    const [chat, code] = [saying("hi"), saying("code")];
    const graph = createRouter({
      models: { chat, code },
      route: () => ({ name: "chat", label: "SMALL", scores: { chat: 0.9 }, reason: "short" }),
    });
    const result = await graph.compile().invoke({ messages: "Hi" });
    expect(result).toMatchObject({ route: "chat", modelUsed: "chat" });
    expect(result.decisions).toEqual([
      {
        node: "router",
        kind: "route",
        chosen: "chat",
        label: "SMALL",
        candidates: ["chat", "code"],
        scores: { chat: 0.9 },
        reason: "short",
      },
    ]);
    expect(code.callCount).toBe(0);
  });

  it("goes to the fallback when the route does not decide, and says why", async () => {
    const graph = createRouter({
      models: { chat: saying("hi") },
      route: firstOf(() => undefined, classifyWith(saying("I would rather not say"))),
      fallback: saying("spare"),
    });
    const result = await graph.compile().invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "fallback", route: undefined });
    expect(result.decisions[0]).toMatchObject({
      kind: "fallback",
      chosen: "fallback",
      reason: expect.stringContaining("I would rather not say"),
    });
    expect(result.calls.map(({ role }) => role)).toEqual(["router", "answer"]);
  });

  it("keeps the router's choice as route when the chosen model fails", async () => {
    const graph = createRouter({
      models: { chat: { model: saying(httpError(500)), ...once } },
      route: () => "chat",
      fallback: saying("spare"),
    });
    const result = await graph.compile().invoke({ messages: "Hi" });
    expect(result).toMatchObject({ route: "chat", modelUsed: "fallback" });
    expect(result.failures).toEqual([
      { name: "chat", class: "server", message: "HTTP 500", status: 500, thrown: { name: "Error" }, retryable: true },
    ]);
  });

  it("throws NoRouteError, UnknownRouteError and ModelCallError when there is nowhere else to go", async () => {
    const run = (route: () => string | undefined, model = saying("hi")) =>
      createRouter({ models: { chat: { model, ...once } }, route: route as () => "chat" })
        .compile()
        .invoke({ messages: "Hi" });
    await expect(run(() => undefined)).rejects.toSatisfy(NoRouteError.isInstance);
    await expect(run(() => "chart")).rejects.toMatchObject({
      name: "UnknownRouteError",
      route: "chart",
      available: ["chat"],
    });
    await expect(run(() => "chart")).rejects.toSatisfy(UnknownRouteError.isInstance);
    const failing = run(() => "chat", saying(httpError(503)));
    await expect(failing).rejects.toSatisfy(ModelCallError.isInstance);
    await expect(failing).rejects.toMatchObject({ path: "chat", class: "server", status: 503 });
  });

  it("lets an error of the route function through as it is", async () => {
    const route = () => {
      throw new RangeError("my bug");
    };
    await expect(
      createRouter({ models: { chat: saying("hi") }, route, fallback: saying("x") })
        .compile()
        .invoke({ messages: "Hi" }),
    ).rejects.toThrow(RangeError);
  });

  it("adds the system prompt of an entry to one that is there", async () => {
    const chat = saying("hi");
    const graph = createRouter({
      models: { chat: { model: chat, systemPrompt: "Be brief." } },
      route: () => "chat",
    }).compile();
    await graph.invoke({
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Hi" },
      ],
    });
    expect(chat.calls[0]!.messages.map(({ text }) => text)).toEqual(["Be brief.\n\nBe kind.", "Hi"]);
  });

  it("refuses wrong input when it is built", () => {
    const route = () => "a" as never;
    expect(() => createRouter({ models: {}, route })).toThrow(InvalidOptionError);
    expect(() => createRouter({ models: { a: 3 as never }, route })).toThrow(InvalidModelError);
    expect(() => createRouter({ models: { a: { model: {} as never } }, route })).toThrow(InvalidModelError);
    expect(() => createRouter({ models: { a: saying() }, route: "a" as never })).toThrow(InvalidOptionError);
    for (const name of ["a:b", "a|b", "messages", "calls", "router", "2", "__end__", "", "a b"]) {
      expect(() => createRouter({ models: { [name]: saying() }, route })).toThrow(InvalidModelNameError);
    }
    expect(() => createRouter({ models: JSON.parse('{"__proto__": {}}'), route })).toThrow(InvalidModelNameError);
    expect(() => createRouter({ models: { a: { model: saying(), timeout: -1 } }, route })).toThrow(/timeout is -1/);
    expect(() => createRouter({ models: { a: { model: saying(), timeout: Number.NaN } }, route })).toThrow(
      InvalidOptionError,
    );
    expect(() => createRouter({ models: { a: { model: saying(), retry: { maxRetries: -1 } } }, route })).toThrow(
      InvalidOptionError,
    );
  });

  it("refuses options and entries that cannot be meant", () => {
    expect(() => createRouter(undefined as never)).toThrow(/createRouter is undefined; give it an object of options/);
    expect(() => createRouter({ models: { a: saying() }, route: "a" as never })).toThrow(/such as byKeyword/);
    const wrong = [
      { timeOut: 5 },
      { retry: 3 },
      { retry: true },
      { limit: 5 },
      { systemPrompt: 5 },
      { provider: "" },
      { capabilities: "vision" },
    ];
    for (const fields of wrong) {
      expect(() => createRouter({ models: { a: { model: saying(), ...fields } as never }, route: () => "a" })).toThrow(
        InvalidOptionError,
      );
    }
    for (const name of ["constructor", "toString", "hasOwnProperty"]) {
      expect(() => createRouter({ models: { [name]: saying() }, route: () => name })).toThrow(InvalidModelNameError);
    }
    expect(() => check(undefined as never)).toThrow(InvalidOptionError);
  });

  it("refuses an empty conversation and half characters by name", async () => {
    const graph = createRouter({ models: { chat: saying("x") }, route: () => "chat" }).compile();
    await expect(graph.invoke({ messages: [] })).rejects.toMatchObject({ name: "InvalidInputError" });
    await expect(graph.invoke({ messages: "half a smile \ud83d" })).rejects.toThrow(/lone surrogate.* position 13/);
  });

  it("allows a reserved word of another pattern as a name", async () => {
    const graph = createRouter({ models: { fallback: saying("hi"), fan_out: saying() }, route: () => "fallback" });
    expect((await graph.compile().invoke({ messages: "Hi" })).modelUsed).toBe("fallback");
  });

  it("returns a tool call as an answer", async () => {
    const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "add", args: { a: 1 } }] });
    const result = await createRouter({ models: { chat: saying(call) }, route: () => "chat" })
      .compile()
      .invoke({ messages: "1+1?" });
    expect((result.messages.at(-1) as AIMessage).tool_calls).toMatchObject([{ name: "add", args: { a: 1 } }]);
  });

  it("cuts what a context shows to the window of the model, tool results included, and says so", async () => {
    const small = saying("short");
    const graph = createRouter({
      models: { small: { model: small, contextWindow: 200 } },
      route: () => "small",
      context: fullHistory(),
    }).compile();
    const messages = [new HumanMessage("old ".repeat(400)), new AIMessage("An answer"), new HumanMessage("Q")];
    const { decisions } = await graph.invoke({ messages });
    expect(decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual(["route small", "skip small"]);
    expect(small.calls[0]!.messages.map(({ text }) => text)).toEqual(["Q"]);
  });
});
