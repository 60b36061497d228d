import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  callsOf,
  classifyWith,
  createCascade,
  createExperiment,
  createFallback,
  createQualityGate,
  createRouter,
  type Decision,
  judgeWith,
  ModelCallError,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";

const search = tool(({ q }) => `found ${q}`, {
  name: "search",
  description: "Search",
  schema: z.object({ q: z.string() }),
});
const step = (...queries: string[]) => ({ toolCalls: queries.map((q) => ({ name: "search", args: { q } })) });
/** An answer that calls a tool, as a pattern gives it. */
const calling = (modelUsed: string | undefined, id = "1", fields: object = {}) =>
  new AIMessage({
    content: "",
    tool_calls: [{ id, name: "search", args: { q: "x" } }],
    ...(modelUsed === undefined ? {} : { response_metadata: { orchestration: { modelUsed, ...fields } } }),
  });
const orchestrationOf = ({ response_metadata }: BaseMessage) =>
  (response_metadata as { orchestration: { variants?: Record<string, string> } }).orchestration;
const result = (id = "1") => new ToolMessage({ content: "found x", tool_call_id: id });
const question = new HumanMessage("Find x");
const inLoop = (modelUsed: string | undefined) => ({ messages: [question, calling(modelUsed), result()] });
const pair = () => ({ a: saying("A", "A", "A"), b: saying("B", "B", "B") });
const reason = (name: string) => `${name} made the tool calls whose results came, and goes on`;
const said = (decisions: readonly Decision[]) => decisions.map(({ kind, chosen }) => `${kind} ${chosen}`);

describe("a tool loop over createRouter", () => {
  itOverClients(
    "asks the classifier once for an agent's whole loop, and one model goes on",
    async ({ client, asked }) => {
      const models = {
        chat: client("chat"),
        code: client("code", step("one"), step("two", "three"), step("four"), "Done."),
      };
      const model = asChatModel(
        createRouter({ models, route: classifyWith(client("router", "code", "code", "chat")) }),
      );
      const agent = createAgent({ model, tools: [search] });
      const { messages } = await agent.invoke({ messages: "Find four things" });
      expect(messages.at(-1)!.text).toBe("Done.");
      expect(asked()).toEqual({ router: 1, code: 4 });
      expect(messages.filter(({ type }) => type === "tool")).toHaveLength(4);
    },
  );

  itOverClients("goes on over turns of a thread, each of which is routed once", async ({ client, asked }) => {
    const models = { chat: client("chat", step("x"), "Hello."), code: client("code", step("one"), "Done.") };
    const route = classifyWith(client("router", "code", "chat"));
    const model = asChatModel(createRouter({ models, route }));
    const agent = createAgent({ model, tools: [search], checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await agent.invoke({ messages: "Find one" }, thread);
    const { messages } = await agent.invoke({ messages: "Talk to me" }, thread);
    expect(messages.at(-1)!.text).toBe("Hello.");
    expect(asked()).toEqual({ router: 2, code: 2, chat: 2 });
  });

  itOverClients("goes on while an agent streams tokens", async ({ client, asked }) => {
    const models = { chat: client("chat"), code: client("code", step("one"), "All done.") };
    const route = classifyWith(client("router", "code", "chat"));
    const agent = createAgent({ model: asChatModel(createRouter({ models, route })), tools: [search] });
    let text = "";
    for await (const [chunk] of await agent.stream({ messages: "Find one" }, { streamMode: "messages" })) {
      if (chunk.type === "ai") text += chunk.text;
    }
    expect(text).toBe("All done.");
    expect(asked()).toEqual({ router: 1, code: 2 });
  });

  it("says why no route was asked", async () => {
    const route = () => {
      throw new Error("asked");
    };
    const {
      decisions,
      route: chosen,
      modelUsed,
    } = await createRouter({ models: pair(), route }).compile().invoke(inLoop("b"));
    expect(decisions).toEqual([
      { node: "router", kind: "route", chosen: "b", candidates: ["a", "b"], reason: reason("b") },
    ]);
    expect([chosen, modelUsed]).toEqual(["b", "b"]);
  });

  it("finds the model by the part of the path that is its own, however deep", async () => {
    const inner = createRouter({ models: pair(), route: () => "a" });
    const outer = createRouter({ models: { x: pair().a, chat: inner }, route: () => "x" });
    const deep = await outer.compile().invoke(inLoop("chat/b"));
    expect(deep.modelUsed).toBe("chat/b");
    expect(said(deep.decisions)).toEqual(["route chat", "route b"]);
    const cascade = createCascade({ models: { ...pair(), c: saying("C") }, verify: () => ({ pass: true }) });
    const around = createRouter({ models: { x: pair().a, chat: cascade }, route: () => "x" });
    expect((await around.compile().invoke(inLoop("chat/c"))).modelUsed).toBe("chat/c");
  });

  it("is found through JSON, stored messages, chunks, parallel calls, earlier loops and what stands between", async () => {
    const app = () => createRouter({ models: pair(), route: () => "a" }).compile();
    const both = new AIMessage({
      ...calling("b"),
      content: "",
      tool_calls: ["1", "2"].map((id) => ({ id, name: "search", args: {} })),
      response_metadata: { orchestration: { modelUsed: "b" } },
    });
    const histories: (readonly BaseMessage[])[] = [
      mapStoredMessagesToChatMessages(
        JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(inLoop("b").messages))),
      ),
      [question, both, result("1"), result("2")],
      [question, both, result("2"), result("1")],
      [question, calling("a", "0"), result("0"), new AIMessage("Ok"), question, calling("b", "1"), result("1")],
      [question, calling("a", "1"), result("1"), calling("b", "1"), result("1")], // a server that numbers from one
      [calling("b"), result()], // trimmed
      [question, calling("b"), new SystemMessage("Be brief."), result()],
    ];
    for (const messages of histories) expect((await app().invoke({ messages: [...messages] })).route).toBe("b");
  });

  it("is decided anew where nobody knows who made the calls, and after the loop", async () => {
    const app = () => createRouter({ models: pair(), route: () => "a" }).compile();
    const histories: (readonly BaseMessage[])[] = [
      inLoop(undefined).messages,
      inLoop("gone").messages,
      inLoop("elsewhere/b").messages,
      inLoop("bb").messages,
      inLoop("toString").messages,
      [question, result()], // its calls were trimmed away
      [question, calling("b", "1"), result("2")],
      [question, calling("b"), result(), new AIMessage("Done."), new HumanMessage("And y?")],
      [question, calling("b"), result(), new HumanMessage("Stop.")],
      [
        question,
        new AIMessage({ ...calling("b"), content: "", response_metadata: { orchestration: { modelUsed: 7 } } }),
        result(),
      ],
      [
        question,
        new AIMessage({
          content: "",
          tool_calls: [{ id: "1", name: "s", args: {} }],
          response_metadata: { orchestration: "b" },
        }),
        result(),
      ],
    ];
    for (const messages of histories) expect((await app().invoke({ messages: [...messages] })).route).toBe("a");
  });

  it("takes the fallback where the model that goes on fails, and goes on with it", async () => {
    const route = () => {
      throw new Error("asked");
    };
    const models = { ...pair(), b: { model: saying(httpError(503)), retry: false as const } };
    const app = createRouter({ models, route, fallback: saying("F", "F") }).compile();
    const failed = await app.invoke(inLoop("b"));
    expect(failed.modelUsed).toBe("fallback");
    expect(said(failed.decisions)).toEqual(["route b", "fallback fallback"]);
    const next = await app.invoke(inLoop("fallback"));
    expect(next).toMatchObject({
      modelUsed: "fallback",
      decisions: [{ kind: "fallback", reason: reason("fallback") }],
    });
    expect(models.a.callCount).toBe(0);
    const alone = createRouter({ models: { ...models, b: { model: saying(httpError(503)), retry: false } }, route });
    await expect(alone.compile().invoke(inLoop("b"))).rejects.toThrow(ModelCallError);
  });
});

describe("a tool loop over createExperiment", () => {
  itOverClients("keeps the variant through an agent's loop", async ({ client, asked }) => {
    const models = { a: client("a", step("one"), step("two"), "A."), b: client("b", step("one"), step("two"), "B.") };
    const model = asChatModel(createExperiment({ models, weights: { a: 1, b: 1 } }));
    for (let run = 0; run < 6; run++) {
      const before = asked();
      const { messages } = await createAgent({ model, tools: [search] }).invoke({ messages: "Find" });
      const [name] = Object.keys(asked()).filter((each) => asked()[each] !== before[each]);
      expect(asked()[name!]! - (before[name!] ?? 0)).toBe(3);
      const answers = messages.filter(({ type }) => type === "ai");
      const variants = answers.map((answer) => orchestrationOf(answer).variants?.assignment);
      expect(variants).toEqual([name, name, name]);
      for (const key of ["a", "b"]) client(key, step("one"), step("two"), `${key}.`);
    }
  });

  it("draws another variant where the one that made the calls fails, which then goes on", async () => {
    const models = { a: { model: saying(httpError(503)), retry: false }, b: saying("B", "B") } as const;
    const app = createExperiment({ models, weights: { a: 1, b: 1 } }).compile();
    const fallen = await app.invoke(inLoop("a"));
    expect(said(fallen.decisions)).toEqual(["route a", "fallback assignment", "route b"]);
    expect(orchestrationOf(fallen.messages.at(-1)!)).not.toHaveProperty("variants");
    expect((await app.invoke(inLoop("b"))).modelUsed).toBe("b");
  });

  it("ends the loop of a variant that is drawn no more", async () => {
    const app = createExperiment({ models: pair(), weights: { a: 1, b: 0 } }).compile();
    expect((await app.invoke(inLoop("b"))).modelUsed).toBe("b");
  });
});

describe("a tool loop over a ladder or chain", () => {
  itOverClients("starts a cascade at the tier that made the calls", async ({ client, asked }) => {
    const models = { small: client("small", "bad"), large: client("large", step("one"), "Done.") };
    const judge = client("judge", "Score: 2", "Score: 2");
    const agent = createAgent({
      model: asChatModel(createCascade({ models, verify: judgeWith(judge) })),
      tools: [search],
    });
    const { messages } = await agent.invoke({ messages: "Find one" });
    expect(messages.at(-1)!.text).toBe("Done.");
    expect(asked()).toEqual({ small: 1, judge: 1, large: 2 });
  });

  it("climbs from there, never down, and the tier on top is the last", async () => {
    const judge = saying("2", "2", "2");
    const models = { a: saying("A"), b: saying("B"), c: saying("C") };
    const climbed = await createCascade({ models, verify: judgeWith(judge) })
      .compile()
      .invoke(inLoop("b"));
    expect(climbed.modelUsed).toBe("c");
    expect(said(climbed.decisions)).toEqual(["route b", "escalate c", "accept c"]);
    expect(climbed.decisions[0]!.reason).toBe(reason("b"));
    const top = await createCascade({ models: { ...models, c: saying("C") }, verify: judgeWith(judge) })
      .compile()
      .invoke(inLoop("c"));
    expect(said(top.decisions)).toEqual(["route c", "accept c"]);
    expect(top.decisions.at(-1)!.reason).toBe("last tier, not judged");
    expect([models.a.callCount, judge.callCount]).toEqual([0, 1]);
  });

  it("goes the way of the ladder where that tier fails or is known to be down", async () => {
    const verify = () => ({ pass: true });
    const broken = {
      model: saying(httpError(429, "slow", { headers: { "retry-after": "3000" } })),
      retry: false,
    } as const;
    const models = () => ({ a: saying("A"), b: saying("B"), c: broken });
    const failed = await createCascade({ models: models(), verify }).compile().invoke(inLoop("c"));
    expect(said(failed.decisions)).toEqual(["route c", "escalate b", "accept b"]);
    const down = await createCascade({ models: models(), verify }).compile().invoke(inLoop("c"));
    expect(down.modelUsed).toBe("a");
  });

  it("stays with the link of a chain that made the calls, and with the fallback of a gate", async () => {
    const chain = await createFallback({ models: pair() }).compile().invoke(inLoop("b"));
    expect(chain).toMatchObject({ modelUsed: "b", decisions: [{ kind: "route", chosen: "b", reason: reason("b") }] });
    const back = { a: saying("A"), b: { model: saying(httpError(503)), retry: false } } as const;
    expect((await createFallback({ models: back }).compile().invoke(inLoop("b"))).modelUsed).toBe("a");
    const model = saying("D");
    const gate = createQualityGate({ model, verify: () => ({ pass: false }), fallback: saying("F") }).compile();
    expect((await gate.invoke(inLoop("fallback"))).modelUsed).toBe("fallback");
    expect(model.callCount).toBe(0);
    const revised = createQualityGate({ model: saying("D"), verify: () => ({ pass: true }) }).compile();
    expect((await revised.invoke(inLoop("revise"))).modelUsed).toBe("draft");
  });

  itOverClients("keeps the ledger of a loop whose model fails for good", async ({ client }) => {
    const models = { a: client("a", failWith.server()), b: client("b", failWith.server()) };
    const entries = { a: { model: models.a, retry: false }, b: { model: models.b, retry: false } } as const;
    const failed = await createFallback({ models: entries })
      .compile()
      .invoke(inLoop("b"))
      .catch((error: unknown) => error);
    expect(callsOf(failed).map(({ path }) => path)).toEqual(["b", "a"]);
  });
});
