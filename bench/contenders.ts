import { createOpenAI } from "@ai-sdk/openai";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { generateText, streamText } from "ai";
import { createAgent, modelFallbackMiddleware } from "langchain";
import { routerByHand } from "./by-hand.js";
import {
  clientOf,
  earlier,
  ensembles,
  everyPattern,
  failing,
  fallbacks,
  type Graph,
  mapReduces,
  type Pair,
  route,
  routers,
} from "./pairs.js";
import { again, answer, apiKey, longAnswer, model, modelAlone, question, type Suite } from "./protocol.js";

/** One thing that is measured. */
export interface Contender {
  readonly name: string;
  /** The contender this one is compared with. */
  readonly against?: string;
  /** Answers the question; resolves to the answer's text. */
  readonly run: () => Promise<string>;
  /** What the answer must be. @default that of the upstream */
  readonly expected?: string;
  /** Runs of the graph in one `run`. @default 1 */
  readonly runs?: number;
}

type Way = (graph: Graph, before?: readonly BaseMessage[]) => () => Promise<string>;

/** Everything that is measured in one suite, against an upstream on this port. */
export function contenders(port: number, suite: Suite): Contender[] {
  const chat = clientOf(port);
  switch (suite) {
    case "invoke":
      return [...twin(port, answerOf), ...everyPattern(port).flatMap((pair) => both(pair, answerOf)), ...others(port)];
    case "stream":
      return [
        ...twin(port, tokensOf),
        ...[routers(port), fallbacks(port), failing(port)].flatMap((pair) => both(pair, tokensOf)),
        { name: modelAlone, run: streamed(chat) },
        { name: "ChatOpenAI.withFallbacks", run: streamed(chat.withFallbacks([clientOf(port)])) },
        { name: "AI SDK", run: sdkStream(port) },
      ];
    case "long": {
      const long = [routers(port, "/long"), fallbacks(port, "/long")].flatMap((pair) => both(pair, tokensOf));
      const bare = { name: modelAlone, run: streamed(clientOf(port, "/long")) };
      const rows = [...twin(port, tokensOf, "/long"), ...long, bare, { name: "AI SDK", run: sdkStream(port, "/long") }];
      return rows.map((row) => ({ ...row, expected: longAnswer }));
    }
    case "conversations":
      return [
        ...twin(port, answerOf),
        ...[10, 100, 1_000].flatMap((count) => both(routers(port), answerOf, earlier(count))),
        { name: modelAlone, run: invoked(chat) },
      ];
    case "wide":
      return [
        ...twice("ensemble of 256", () => answerOf(ensembles(port, 256).byHand)),
        ...both(ensembles(port, 256), answerOf),
        ...both(mapReduces(port, 1_000), answerOf),
        { name: modelAlone, run: invoked(chat) },
      ];
    case "beside":
      return [
        ...twin(port, at64),
        ...[routers(port), fallbacks(port), ensembles(port, 3)].flatMap((pair) => both(pair, at64)),
        { name: modelAlone, run: () => together(invoked(chat)) },
      ].map((row) => ({ ...row, runs: beside }));
  }
}

/** Runs at once in the suite `beside`. */
const beside = 64;

/** The same code under two names. */
function twice(name: string, make: () => Contender["run"]): Contender[] {
  const once = `${name} by hand, once`;
  return [
    { name: once, run: make() },
    { name: `${name} ${again}`, against: once, run: make() },
  ];
}

function twin(port: number, way: Way, path?: string): Contender[] {
  const [chat, code] = [clientOf(port, path), clientOf(port, path)];
  return twice("router", () => way(routerByHand({ chat, code }, route)));
}

function both({ name, byHand, ours }: Pair, way: Way, before?: readonly BaseMessage[]): Contender[] {
  const title = before === undefined ? name : `${name}, ${before.length + 1} messages`;
  const hand = `${title}, by hand`;
  return [
    { name: hand, run: way(byHand, before) },
    { name: title, against: hand, run: way(ours, before) },
  ];
}

/** What a user could pick instead of a graph. */
function others(port: number): Contender[] {
  const [chat, code, down] = [clientOf(port), clientOf(port), clientOf(port, "/failing")];
  const agent = (first: typeof chat) => createAgent({ model: first, middleware: [modelFallbackMiddleware(code)] });
  const [call, fail] = [sdkCall(port), sdkCall(port, "/failing")];
  const all = (count: number) => Promise.all(Array.from({ length: count }, call));
  return [
    { name: modelAlone, run: invoked(chat) },
    { name: "ChatOpenAI.withFallbacks", against: "fallback, by hand", run: invoked(chat.withFallbacks([code])) },
    {
      name: "ChatOpenAI.withFallbacks, primary down",
      against: "fallback, primary down, by hand",
      run: invoked(down.withFallbacks([code])),
    },
    { name: "modelFallbackMiddleware", against: "fallback, by hand", run: answerOf(agent(chat) as never) },
    {
      name: "modelFallbackMiddleware, primary down",
      against: "fallback, primary down, by hand",
      run: answerOf(agent(down) as never),
    },
    { name: "AI SDK, router", against: "router, by hand", run: call },
    { name: "AI SDK, primary down", against: "fallback, primary down, by hand", run: () => fail().catch(call) },
    { name: "AI SDK, 3 at once", against: "ensemble of 3, by hand", run: async () => (await all(3))[0]! },
    { name: "AI SDK, 20 at once", against: "map-reduce of 20, by hand", run: async () => (await all(20))[0]! },
  ];
}

function answerOf(graph: Graph, before: readonly BaseMessage[] = []) {
  return async () => (await graph.invoke({ messages: [...before, new HumanMessage(question)] })).messages.at(-1)!.text;
}

function tokensOf(graph: Graph, before: readonly BaseMessage[] = []) {
  return async () => {
    let text = "";
    const input = { messages: [...before, new HumanMessage(question)] };
    const tokens = await graph.stream(input, { streamMode: "messages" });
    for await (const [chunk] of tokens) text += chunk.text;
    return text;
  };
}

const at64: Way = (graph) => () => together(answerOf(graph));

async function together(run: () => Promise<string>): Promise<string> {
  const texts = new Set(await Promise.all(Array.from({ length: beside }, run)));
  return [...texts].join(" | ");
}

interface Chat {
  invoke(messages: BaseMessage[]): Promise<BaseMessage>;
  stream(messages: BaseMessage[]): Promise<AsyncIterable<BaseMessage>>;
}

function invoked(chat: Chat) {
  return async () => (await chat.invoke([new HumanMessage(question)])).text;
}

function streamed(chat: Chat) {
  return async () => {
    let text = "";
    for await (const chunk of await chat.stream([new HumanMessage(question)])) text += chunk.text;
    return text;
  };
}

function sdkSettings(port: number, path: string) {
  return {
    model: createOpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}${path}/v1` }).chat(model),
    messages: [{ role: "user" as const, content: question }],
    maxRetries: 0,
  };
}

function sdkCall(port: number, path = ""): () => Promise<string> {
  const settings = sdkSettings(port, path);
  return async () => (await generateText(settings)).text;
}

function sdkStream(port: number, path = ""): () => Promise<string> {
  const settings = sdkSettings(port, path);
  return async () => {
    let text = "";
    for await (const piece of streamText(settings).textStream) text += piece;
    return text;
  };
}

export const expectedOf = ({ expected = answer }: Contender) => expected;
