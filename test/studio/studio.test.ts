import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AIMessage } from "@langchain/core/messages";
import type { Message, StreamMode } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cases, type Turn } from "./cases.js";
import { asks, heard, type Snapshot, StudioClient, stepsOf, type Wire, wayOf } from "./studio-client.js";
import { isUp, type StudioServer, startStudio } from "./studio-server.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const streamMode = [
  "values",
  "updates",
  "messages",
  "messages-tuple",
  "events",
  "tasks",
  "checkpoints",
  "debug",
  "custom",
  "tools",
] as const satisfies readonly StreamMode[];
const gitignore = readFileSync(`${root}.gitignore`, "utf8");
let studio: StudioServer;
let client: StudioClient;

beforeAll(async () => {
  studio = await startStudio();
  client = new StudioClient({ apiUrl: studio.url, apiKey: null });
}, 600_000);
afterAll(() => studio?.stop());

function expectTurn({ messages, modelUsed, calls }: Wire, turn: Turn): void {
  expect(messages.slice(-2).map(({ type, content }) => ({ type, content }))).toEqual([
    { type: "human", content: turn.question },
    { type: "ai", content: turn.answer },
  ]);
  expect(modelUsed).toBe(turn.modelUsed);
  expect(new Set(calls.map(({ turnId }) => turnId.split("#")[0]))).toEqual(new Set([messages.at(-2)?.id]));
}

describe("Studio", () => {
  it("lists every graph of langgraph.json", async () => {
    const assistants = await client.assistants.search({ limit: 100 });
    const { graphs } = JSON.parse(readFileSync(`${root}langgraph.json`, "utf8")) as {
      graphs: Record<string, { description: string }>;
    };
    expect(assistants.map(({ graph_id }) => graph_id).sort()).toEqual(Object.keys(graphs).sort());
    expect(cases.map(({ id }) => id)).toEqual(Object.keys(graphs));
    for (const { graph_id, name, description } of assistants)
      expect({ name, description }).toEqual({ name: graph_id, description: graphs[graph_id]?.description });
  });

  it("is told where to open it and which graphs there are", () => {
    expect(studio.output()).toContain(`https://smith.langchain.com/studio?baseUrl=${studio.url}`);
    for (const { id } of cases) expect(studio.output()).toMatch(new RegExp(`^  ${id} +\\S`, "m"));
  });
});

describe.concurrent.each(cases)("Studio › $id", ({ id, edges, turns, edit }) => {
  const [one, two] = turns;
  const [[entry]] = one.steps as [[string]];

  it("publishes a form for the messages, one for the settings of a run, and what comes out", async () => {
    const { input_schema, context_schema, output_schema } = await client.assistants.getSchemas(id);
    expect(input_schema?.properties).toEqual({ messages: expect.objectContaining({ langgraph_type: "messages" }) });
    const settings = Object.entries(context_schema?.properties ?? {});
    expect(settings.map(([name]) => name)).toEqual(expect.arrayContaining(["tags", "sessionId"]));
    for (const [, setting] of settings) expect(setting).toMatchObject({ description: expect.stringMatching(/\S/) });
    expect(context_schema?.required ?? []).toEqual([]);
    const out = output_schema?.properties ?? {};
    expect(out).toMatchObject({ messages: { langgraph_type: "messages" }, modelUsed: { type: "string" } });
    expect(Object.keys(out)).toEqual(expect.arrayContaining(["calls", "decisions"]));
  });

  it("draws every way a run can take", async () => {
    const drawn = await client.assistants.getGraph(id, { xray: true });
    const arrows = drawn.edges.map(
      ({ source, target, conditional }) => `${source} ${conditional ? "⇢" : "→"} ${target}`,
    );
    expect(arrows.sort()).toEqual([...edges].sort());
    const names = new Set(edges.flatMap((edge) => edge.split(/ [→⇢] /)));
    expect(drawn.nodes.map((node) => node.id).sort()).toEqual([...names].sort());
  });

  it.each(turns)("answers $question", async (turn) => {
    const state = await client.run(id, turn.question);
    expectTurn(state, turn);
    expect(state.messages).toHaveLength(2);
    const { usage_metadata } = state.messages.at(-1) as Message & { type: "ai" };
    const spent = state.calls.reduce(
      (sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
      0,
    );
    expect(usage_metadata?.total_tokens).toBe(spent);
    expect(state.calls.every(({ model, costUsd }) => /^scripted-/.test(model) && costUsd !== null)).toBe(true);
  });

  it.each(turns)("streams $question in every mode and shows no token it does not keep or take back", async (turn) => {
    const payload = { input: asks(turn.question), streamMode: [...streamMode] };
    const seen = await heard(client.runs.stream(await client.newThread(), id, payload));
    const last = seen<Wire>("values").at(-1)!;
    expectTurn(last, turn);
    const nodes = turn.steps.flat().sort();
    expect(seen<object>("updates").flatMap(Object.keys).sort()).toEqual(nodes);
    const results = seen<{ name: string; result?: object }>("tasks").filter(({ result }) => result !== undefined);
    expect(results.map(({ name }) => name).sort()).toEqual(nodes);
    expect(stepsOf(seen<Snapshot>("checkpoints"))).toEqual(turn.steps);
    const debugged = seen<{ type: string; payload: { name: string } }>("debug");
    expect(debugged.flatMap(({ type, payload }) => (type === "task_result" ? payload.name : [])).sort()).toEqual(nodes);
    const started = seen<{ event: string; name: string }>("events").filter(({ event }) => event === "on_chain_start");
    expect(started.map(({ name }) => name)).toEqual(expect.arrayContaining(nodes));
    expect(seen<Message[]>("messages/complete").at(-1)).toMatchObject([{ content: turn.answer }]);

    const tokens = new Map<string, string[]>();
    for (const [{ id: message = "", content }] of seen<[Message, object]>("messages"))
      tokens.set(message, [...(tokens.get(message) ?? []), content as string]);
    const discarded = seen<{ type: string; path: string; messageId: string }>("custom").filter(
      ({ type }) => type === "attempt_discarded",
    );
    expect(discarded.map(({ path }) => path)).toEqual(turn.discarded ?? []);
    const answer = last.messages.at(-1)?.id ?? "";
    expect([...tokens.keys()]).toEqual([...discarded.map(({ messageId }) => messageId), answer]);
    expect(tokens.get(answer)?.join("")).toBe(turn.answer);
    const pieces = tokens.get(answer)?.filter((text) => text !== "").length;
    expect(pieces).toBe(turn.streamed === "live" ? turn.answer.split(/\s+/).length : 1);
  });

  it("waits before a node, takes what a person changes there and goes on", async () => {
    const { thread, values } = await client.pause(id, edit.question, edit.before);
    const paid = (values.calls ?? []).map((call) => call.id);
    await client.edit(thread, edit.values(values), edit);
    const { messages, modelUsed, calls } = await client.goOn(id, thread);
    expect(messages.at(-1)?.content).toBe(edit.answer);
    expect(modelUsed).toBe(edit.modelUsed);
    expect(calls.map((call) => call.id).slice(0, paid.length)).toEqual(paid);
    expect(calls.slice(paid.length).map(({ path }) => path)).toEqual(edit.pays);
  });

  it("waits before a node and goes on as if it had not", async () => {
    const turn = [one, two].find(({ question }) => question === edit.question) ?? one;
    const before = turn.steps.at(-1)![0]!;
    const { thread } = await client.pause(id, turn.question, before);
    expectTurn(await client.goOn(id, thread), turn);
  });

  it("replays the last step of a turn alone", async () => {
    const thread = await client.newThread();
    const first = await client.run(id, one.question, thread);
    const last = (await client.historyOf(thread)).findLast(({ next }) => next.length > 0)!;
    const again = await client.goOn(id, thread, last.checkpoint.checkpoint_id!);
    expectTurn(again, one);
    const kept = (last.values.calls ?? []).map((call) => call.id);
    const ids = (calls: Wire["calls"]) => calls.map((call) => call.id);
    expect(ids(again.calls).slice(0, kept.length)).toEqual(kept);
    const paidAgain = ids(again.calls).slice(kept.length);
    expect(paidAgain).toHaveLength(first.calls.length - kept.length);
    expect(paidAgain.filter((id) => ids(first.calls).includes(id))).toEqual([]);
  });

  it("keeps the state and the history of a thread, turn by turn", async () => {
    const thread = await client.newThread();
    for (const turn of [one, two]) await client.run(id, turn.question, thread);
    const state = await client.threads.getState(thread);
    expect(state.next).toEqual([]);
    expect(state.values.messages.map(({ content }) => content)).toEqual(
      [one, two].flatMap(({ question, answer }) => [question, answer]),
    );
    expectTurn(state.values, two);
    expect(wayOf(state.values)).toEqual(wayOf(await client.run(id, two.question)));
    expect(stepsOf(await client.historyOf(thread))).toEqual([...one.steps, ...two.steps]);
  });

  it("forks a thread before its second turn and answers another question there", async () => {
    const thread = await client.newThread();
    for (const turn of [one, two]) await client.run(id, turn.question, thread);
    const before = (await client.historyOf(thread)).find(
      ({ next, values }) => next[0] === entry && values.messages.length === 3,
    )!;
    const edited = { ...before.values.messages.at(-1), content: one.question };
    const fork = await client.edit(thread, { messages: [edited] }, { checkpoint: before.checkpoint });
    const state = await client.goOn(id, thread, fork);
    expectTurn(state, one);
    expect(state.messages).toHaveLength(4);
    const kept = (await client.historyOf(thread)).some(({ values }) => values.messages?.at(-1)?.content === two.answer);
    expect(kept).toBe(true);
  });

  it("does not mix runs that are under way at once", async () => {
    const together = [one, two, one, two];
    const states = await Promise.all(together.map(({ question }) => client.run(id, question)));
    for (const [index, turn] of together.entries()) expectTurn(states[index]!, turn);
    const ids = states.flatMap(({ calls }) => calls.map((call) => call.id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.concurrent("Studio › a person steps in", () => {
  it("pauses a cascade before the large model, takes an edited question and goes on", async () => {
    const { thread, values } = await client.pause("cascade", "Why is the sky blue?", "large");
    expect(values).toMatchObject({ verdict: { pass: false, score: 0.2 }, candidates: [{ name: "small" }] });
    await client.edit(thread, { messages: [{ ...values.messages[0], content: "Why is the sea blue?" }] });
    const { messages, modelUsed, calls } = await client.goOn("cascade", thread);
    expect(messages.map(({ content }) => content)).toEqual([
      "Why is the sea blue?",
      '(scripted) A long answer to "Why is the sea blue?": first the cause, then the exceptions.',
    ]);
    expect(modelUsed).toBe("large");
    expect(calls.map(({ path }) => path)).toEqual(["small", "verifier", "large"]);
  });

  it("has an edited draft judged in the place of the model's own", async () => {
    const { thread, values } = await client.pause("cascade", "Why is the sky blue?", "verifier");
    const [draft] = values.candidates;
    const message = new AIMessage("Because short waves are scattered most.");
    await client.edit(thread, { candidates: { __overwrite__: [{ ...draft, message }] } });
    const { messages, modelUsed } = await client.goOn("cascade", thread);
    expect(messages.at(-1)?.content).toBe("Because short waves are scattered most.");
    expect(modelUsed).toBe("small");
  });

  it("mends an edited draft", async () => {
    const { thread, values } = await client.pause("quality_gate", "rain", "revise");
    const [draft] = values.candidates;
    const message = new AIMessage("Rain is water.");
    await client.edit(thread, { candidates: { __overwrite__: [{ ...draft, message }] } });
    const { messages } = await client.goOn("quality_gate", thread);
    expect(messages.at(-1)?.content).toBe("(scripted) Rain is water.\nSource: a script, not a model");
  });

  it("sends a routed question to another model", async () => {
    const { thread } = await client.pause("router", "hello there", "chat");
    await client.edit(thread, { route: "code", next: "code" }, { asNode: "router" });
    expect(await client.goOn("router", thread)).toMatchObject({ route: "code", modelUsed: "code" });
  });

  it("asks a person by an interrupt, and pays the large model when told to", async () => {
    const { thread, interrupts } = await client.interrupted("approval", "Why is the sky blue?");
    const because = "the model is 30 % confident, 80 % passes";
    const action = { name: "ask_large_model", args: { draft: "(scripted) It depends." } };
    expect(interrupts).toEqual([
      {
        action_requests: [{ ...action, description: expect.stringContaining(because) }],
        review_configs: [{ action_name: "ask_large_model", allowed_decisions: ["approve", "edit", "reject"] }],
      },
    ]);
    await client.resume("approval", thread, "perhaps");
    const { messages, calls, decisions } = await client.resume("approval", thread, "Yes");
    expect(messages.at(-1)?.content).toBe('(scripted) A long answer to "Why is the sky blue?".');
    expect(calls.map(({ path }) => path)).toEqual(["small", "fallback"]);
    expect(decisions[0]?.reason).toContain("a person lets the large model answer");
  });

  it("asks a person by an interrupt, and keeps the draft when told to", async () => {
    const { thread } = await client.interrupted("approval", "Why is the sky blue?");
    const { messages, calls, verdict } = await client.resume("approval", thread, false);
    expect(messages.at(-1)?.content).toBe("(scripted) It depends.");
    expect(calls.map(({ path }) => path)).toEqual(["small"]);
    expect(verdict).toMatchObject({ pass: true, reason: "a person keeps the draft" });
  });

  it("pauses before a nested pattern and goes on into it", async () => {
    const { thread } = await client.pause("hybrid", "Count these four words.", "count");
    expect((await client.goOn("hybrid", thread)).messages.at(-1)?.content).toBe("(scripted) Words: 4");
  });
});

describe.concurrent("Studio › settings and nesting", () => {
  it("hands the settings of a run to its calls", async () => {
    const context = { tags: ["demo"], sessionId: "s-1" };
    const stream = client.runs.stream(null, "router", { input: asks("hi"), context, streamMode: "messages-tuple" });
    const told: unknown[] = [];
    for await (const { event, data } of stream) if (event === "messages") told.push(data[1]);
    expect(told.length).toBeGreaterThan(1);
    for (const about of told)
      expect(about).toMatchObject({ session_id: "s-1", tags: expect.arrayContaining(["demo"]) });
  });

  it("says what is wrong with a run without messages", async () => {
    await expect(client.runs.wait(null, "router", { input: { messages: [] } })).rejects.toThrow(
      /InvalidInputError.*no message to answer/,
    );
  });

  it("opens the patterns inside hybrid, and streams from them", async () => {
    const nested = await client.assistants.getSubgraphs("hybrid", { recurse: true });
    expect(Object.keys(nested).sort()).toEqual(["chat", "count", "count|panel", "report"]);
    const stream = client.runs.stream(null, "hybrid", {
      input: asks("Count these four words."),
      streamMode: "updates",
      streamSubgraphs: true,
    });
    const places = new Set<string>();
    for await (const { event } of stream) {
      const [mode, ...path] = event.split("|").map((part) => part.split(":")[0]);
      if (mode === "updates") places.add(path.join("/"));
    }
    expect([...places].sort()).toEqual(["", "count", "count/panel"]);
  });
});

describe("Studio › the end", () => {
  it("stops on Ctrl-C and leaves nothing behind", async () => {
    expect(await studio.stop()).toBe(0);
    expect(await isUp(studio.url)).toBe(false);
    expect(readFileSync(`${root}.gitignore`, "utf8")).toBe(gitignore);
    const folder = `${root}.langgraph_api`;
    const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("fresh-")) : [];
    expect(left).toEqual([]);
  });
});
