import { createServer } from "node:http";
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { PromptTemplate } from "@langchain/core/prompts";
import { tool } from "@langchain/core/tools";
import { InMemoryStore, MemorySaver, StateSchema } from "@langchain/langgraph";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  bySimilarity,
  classifyWith,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  exactCache,
  judgeWith,
  keepLocal,
  NotAllowedError,
  OrchestrationState,
  semanticCache,
  sharedMemory,
  summarizeWith,
  synthesizeWith,
} from "../../src/index.js";
import { seeded } from "../../src/testing/seeded.js";

/** Prompts; `PRIVACY_PROMPTS=10000` takes about 20 minutes. */
const prompts = Number(process.env.PRIVACY_PROMPTS ?? 240);
const random = seeded("keep local");
const below = (count: number) => Math.floor(random() * count);
const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)]!;

/** Items that were planted in the latest prompts. */
const planted = new Set<string>();
/** Numbers that the items of all prompts end with. */
const everPlanted = new Set<string>();
const numbersIn = (text: string) => [...text.matchAll(/#(\d{6})#/g)].map(([, number]) => number!);
/** What reached upstreams that are not allowed. */
const leaks: string[] = [];
let farRequests = 0;
let toolResult = "nothing";
let url = "";

const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const raw = Buffer.concat(pieces).toString("utf8");
  const body = JSON.parse(raw) as {
    model: string;
    stream?: boolean;
    tools?: { function: { name: string } }[];
    messages?: { role: string }[];
    input?: unknown[];
  };
  const texts = textsIn(body);
  const isFar = body.model.startsWith("far");
  if (isFar) {
    farRequests++;
    const said = [raw, ...texts].join("\n\n");
    const whole = numbersIn(said).filter((number) => everPlanted.has(number));
    const begun = [...planted].filter((item) => said.includes(item.slice(0, 11))); // also what is cut off behind
    leaks.push(...[...whole, ...begun].map((found) => `${body.model}: ${found}`));
  } else if (random() < 0.3) {
    response.writeHead(pick([500, 503, 400]), { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `cannot serve ${raw.slice(0, 2_000)}` } })); // quotes the prompt
    return;
  }
  response.setHeader("content-type", body.stream ? "text/event-stream" : "application/json");
  if (body.input !== undefined) {
    response.end(JSON.stringify({ data: [body.input].flat().map((_, index) => ({ index, embedding: [1, index] })) }));
    return;
  }
  const calls = body.tools?.[0]?.function.name === "look_up" && body.messages?.at(-1)?.role !== "tool";
  const called = { id: "call_1", index: 0, type: "function", function: { name: "look_up", arguments: "{}" } };
  const echo = [...planted].filter((item) => texts.some((text) => text.includes(item))); // a local model repeats what it reads
  const content = pick(["8", "near", "far", `It is so. ${echo.join(" ")}`]);
  const message = { role: "assistant", ...(calls ? { content: "", tool_calls: [called] } : { content }) };
  const finish_reason = calls ? "tool_calls" : "stop";
  const usage = { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 };
  const whole = { id: "1", object: "chat.completion", model: body.model, usage };
  if (body.stream !== true) response.end(JSON.stringify({ ...whole, choices: [{ index: 0, message, finish_reason }] }));
  else {
    const chunk = { ...whole, object: "chat.completion.chunk" };
    response.write(`data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: message }] })}\n\n`);
    response.end(
      `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason }] })}\n\ndata: [DONE]\n\n`,
    );
  }
});

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      return [value, ...textsIn(JSON.parse(value))];
    } catch {
      return [value];
    }
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [key, ...textsIn(each)])
    : [];
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`;
});
afterAll(() => void server.close());

const client = (model: string) => new ChatOpenAI({ model, apiKey: "sk-none", configuration: { baseURL: url } });
const plain = { retry: false, breaker: false } as const;
const near = (more: object = {}) => ({ model: client("near"), tags: ["local"], ...plain, ...more });
const far = (more: object = {}) => ({ model: client("far"), ...plain, ...more });

const privacy = keepLocal({
  detect: async (text) => numbersIn(text).some((number) => everPlanted.has(number)),
  allow: ({ tags }) => tags?.includes("local") === true,
});
const state = new StateSchema({ ...OrchestrationState.fields, customer: z.string().optional() });
const own = { privacy, state, system: PromptTemplate.fromTemplate("For {customer}") };

/** Every pattern with a model that is not allowed in each of its places. */
function patterns() {
  const embeddings = new OpenAIEmbeddings({
    model: "far-embedder",
    apiKey: "k",
    maxRetries: 0,
    configuration: { baseURL: url },
  });
  const cache = semanticCache({ embeddings, threshold: 0.5, namespace: "all", timeout: 60_000 });
  const nested = () =>
    createCascade({
      models: { far: far(), near: near() },
      verify: judgeWith(far()),
      fallback: asChatModel(createFallback({ models: { far: far(), near: near() } })),
    });
  const lookUp = tool(async () => toolResult, { name: "look_up", description: "Looks up", schema: z.object({}) });
  return {
    router: createRouter({ models: { far: far(), near: near() }, route: classifyWith(far()), fallback: far(), ...own }),
    similar: createRouter({
      models: { far: far({ cache }), near: near({ cache }) },
      route: bySimilarity({ embeddings, examples: { far: ["x"], near: ["y"] }, threshold: 0.1 }),
      fallback: near(),
      ...own,
    }),
    cascade: createCascade({ models: { near: near(), far: far() }, verify: judgeWith(far()), ...own }),
    fallback: createFallback({
      models: { far: far({ hedge: { afterMs: 1 } }), near: near({ hedge: { afterMs: 1 } }), last: far() },
      defaultResponse: "Not now.",
      ...own,
    }),
    cached: createFallback({ models: { near: near({ cache: exactCache({ ttlMs: 60_000 }) }), far: far() }, ...own }),
    ensemble: createEnsemble({
      models: { far: far(), near: near(), also: near() },
      aggregate: synthesizeWith(far()),
      fallback: far(),
      ...own,
    }),
    gate: createQualityGate({ model: near(), verify: judgeWith(far()), fallback: far(), ...own }),
    summary: createPipeline({
      stages: { draft: near(), polish: near({ context: summarizeWith(far(), { maxTokens: 5 }) }), last: far() },
      ...own,
    }),
    memory: createPipeline({
      stages: { draft: near(), last: near() },
      context: sharedMemory({ namespace: "all" }),
      ...own,
    }),
    reader: createPipeline({ stages: { draft: far(), last: far() }, context: sharedMemory({ namespace: "all" }) }),
    mapReduce: createMapReduce({
      plan: ({ messages }) => messages.map(({ text }) => text || "nothing"),
      worker: far(),
      reduce: far(),
      ...own,
    }),
    localReduce: createMapReduce({ plan: near(), worker: near(), reduce: far(), ...own }),
    experiment: createExperiment({
      models: { one: nested(), two: createFallback({ models: { far: far(), near: near() } }) },
      weights: { one: 0.5, two: 0.5 },
      fallback: far(),
      ...own,
    }),
    agents: createFallback({
      models: {
        open: { model: createAgent({ model: client("far-agent"), tools: [lookUp] }), ...plain },
        patterned: {
          model: createAgent({
            model: asChatModel(createFallback({ models: { far: far(), near: near() } })),
            tools: [lookUp],
          }),
          tags: ["local"],
          ...plain,
        },
      },
      ...own,
    }),
  };
}

const letters = [..."abcXYZ059 @.-\"\\'{}äß漢🙂\n/<"];

let items = 0;

/** Makes something sensitive that stands nowhere else. */
function item(): string {
  const number = String(++items).padStart(6, "0");
  return `${pick(["mail@", "DE89 ", "+49 ", "4111-"])}${Array.from({ length: 6 }, () => pick(letters)).join("")}#${number}#`;
}

/** Puts an item somewhere a run can have it from. */
function conversation(said: string): { messages: BaseMessage[]; customer?: string } {
  const call = { id: "c1", name: "look_up", args: {} };
  const asked = new HumanMessage(`Question ${items}`);
  const places: (() => { messages: BaseMessage[]; customer?: string })[] = [
    () => ({ messages: [new HumanMessage(`Tell me of ${said} please`)] }),
    () => ({ messages: [new HumanMessage(said), new AIMessage("I see."), asked] }),
    () => ({ messages: [new SystemMessage(`You serve ${said}.`), asked] }),
    () => ({ messages: [asked], customer: said }),
    () => ({
      messages: [asked, new AIMessage({ content: "", tool_calls: [call] }), new ToolMessage(said, "c1")],
    }),
    () => ({
      messages: [
        asked,
        new AIMessage({ content: "", tool_calls: [{ ...call, args: { of: said } }] }),
        new ToolMessage("ok", "c1"),
        asked,
      ],
    }),
    () => ({
      messages: [
        new HumanMessage({
          content: [said.slice(0, 7), said.slice(7)].map((text) => ({ type: "text" as const, text })),
        }),
      ],
    }),
  ];
  return pick(places)();
}

describe("keepLocal against random prompts", () => {
  it(`lets 0 bytes of what is planted in ${prompts} prompts reach a model that is not allowed`, async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {}); // LangChain logs each call that the gate of an agent ends
    const store = new InMemoryStore();
    const graphs = Object.entries(patterns()).map(([name, pattern]) => {
      const graph = pattern as ReturnType<typeof createFallback>;
      return {
        name,
        fast: graph.compile({ store: name === "memory" || name === "reader" ? store : undefined } as never),
        loop: graph.compile({ checkpointer: new MemorySaver(), store }),
      };
    });
    const ends = { answered: 0, refused: 0, failed: 0 };
    let farOfClean = 0;
    for (let index = 0; index < prompts; index++) {
      const { name, fast, loop } = graphs[index % graphs.length]!;
      const isClean = random() < 0.2 || name === "reader";
      const said = item();
      if (!isClean) {
        planted.add(said);
        everPlanted.add(numbersIn(said)[0]!);
      }
      toolResult = isClean ? "nothing" : said;
      const isFound = name === "agents" && random() < 0.5; // only the tool knows it
      const input = isClean || isFound ? { messages: [new HumanMessage(`Question ${index}`)] } : conversation(said);
      const given = { customer: "somebody", ...input } as never;
      const before = farRequests;
      try {
        if (random() < 0.5) await fast.invoke(given);
        else {
          const config = { configurable: { thread_id: String(index) }, streamMode: ["messages", "updates"] } as const;
          for await (const _chunk of await loop.stream(given, config as never));
        }
        ends.answered++;
      } catch (error) {
        if (NotAllowedError.isInstance(error)) ends.refused++;
        else ends.failed++;
        if (!isClean) expect(String((error as Error).name)).toMatch(/Error$/);
      }
      if (isClean) farOfClean += farRequests - before;
      expect(leaks).toEqual([]);
      if (planted.size > 60) planted.delete(planted.values().next().value!);
    }
    expect(leaks).toEqual([]);
    expect(farOfClean).toBeGreaterThan(0); // clean prompts do go there: the test can fail
    expect(numbersIn(logged.mock.calls.flat().join("\n")).filter((number) => everPlanted.has(number))).toEqual([]);
    logged.mockRestore();
    expect(ends.answered).toBeGreaterThan(ends.failed);
    expect(ends.refused).toBeGreaterThan(0);
  }, 3_600_000);
});
