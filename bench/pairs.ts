import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  latestOnly,
  majorityVote,
} from "langgraph-multimodel";
import { fallbackByHand, routerByHand } from "./by-hand.js";
import {
  cascadeByHand,
  ensembleByHand,
  experimentByHand,
  gateByHand,
  mapReduceByHand,
  pipelineByHand,
} from "./by-hand-rest.js";
import { apiKey, draft, model, question } from "./protocol.js";

export interface Graph {
  invoke(input: { messages: BaseMessage[] }): Promise<{ messages: BaseMessage[] }>;
  stream(
    input: { messages: BaseMessage[] },
    options: { streamMode: "messages" },
  ): Promise<AsyncIterable<[BaseMessage, unknown]>>;
}

/** One pattern, by hand and as the library has it. */
export interface Pair {
  readonly name: string;
  readonly byHand: Graph;
  readonly ours: Graph;
}

export function clientOf(port: number, path = ""): ChatOpenAI {
  const configuration = { baseURL: `http://127.0.0.1:${port}${path}/v1` };
  return new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration });
}

export const route = (messages: readonly BaseMessage[]) => (messages.at(-1)!.text.includes("```") ? "code" : "chat");
const passes = ({ text }: BaseMessage) => text !== draft;
const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

/** A conversation of earlier turns. */
export const earlier = (count: number): BaseMessage[] =>
  Array.from({ length: count }, (_, at) =>
    at % 2 ? new AIMessage("Because. ".repeat(50)) : new HumanMessage(question),
  );

export function routers(port: number, path = ""): Pair {
  const [chat, code] = [clientOf(port, path), clientOf(port, path)];
  return {
    name: "router",
    byHand: routerByHand({ chat, code }, route),
    ours: createRouter({ models: { chat, code }, route: ({ messages }) => route(messages) }).compile(),
  };
}

export function fallbacks(port: number, path = ""): Pair {
  const [primary, backup] = [clientOf(port, path), clientOf(port, path)];
  return {
    name: "fallback",
    byHand: fallbackByHand({ primary, backup }),
    ours: createFallback({ models: { primary, backup } }).compile(),
  };
}

/** The first model fails; without a breaker, which would spare ours the request that all others make. */
export function failing(port: number): Pair {
  const [primary, backup] = [clientOf(port, "/failing"), clientOf(port)];
  const models = { primary: { model: primary, retry: false, breaker: false } as const, backup };
  return {
    name: "fallback, primary down",
    byHand: fallbackByHand({ primary, backup }),
    ours: createFallback({ models }).compile(),
  };
}

export function ensembles(port: number, lanes: number): Pair {
  const models = Object.fromEntries(names(lanes).map((name) => [name, clientOf(port)]));
  return {
    name: `ensemble of ${lanes}`,
    byHand: ensembleByHand(models),
    ours: createEnsemble({ models, aggregate: majorityVote({ stopEarly: false }) }).compile(),
  };
}

export function mapReduces(port: number, count: number): Pair {
  const items = names(count);
  const worker = clientOf(port);
  const first = (parts: readonly string[]) => (parts.length === count ? parts[0]! : `${parts.length} parts`);
  const reduce = ({ outputs }: { outputs: readonly { message: AIMessage }[] }) =>
    first(outputs.map(({ message }) => message.text));
  return {
    name: `map-reduce of ${count}`,
    byHand: mapReduceByHand(items, worker, first),
    ours: createMapReduce({ plan: () => items, worker, reduce, maxItems: count, concurrency: count }).compile(),
  };
}

/** All eight patterns; where there are two ways through one, both. */
export function everyPattern(port: number): Pair[] {
  const [whole, other, drafting, revised] = [
    clientOf(port),
    clientOf(port),
    clientOf(port, "/draft"),
    clientOf(port, "/revised"),
  ];
  const verify = check(({ answer }) => passes(answer));
  const cascade = (name: string, small: ChatOpenAI): Pair => ({
    name: `cascade, ${name} passes`,
    byHand: cascadeByHand({ small, large: other }, passes),
    ours: createCascade({ models: { small, large: other }, verify }).compile(),
  });
  const stages = { research: whole, draft: other, polish: whole };
  const variants = { a: whole, b: other };
  return [
    routers(port),
    fallbacks(port),
    failing(port),
    cascade("first", whole),
    cascade("second", drafting),
    {
      name: "quality gate, one revision",
      byHand: gateByHand(revised, passes, 2),
      ours: createQualityGate({ model: revised, verify, maxRevisions: 2 }).compile(),
    },
    {
      name: "pipeline of 3",
      byHand: pipelineByHand(stages),
      ours: createPipeline({ stages, context: latestOnly() }).compile(),
    },
    ensembles(port, 3),
    ensembles(port, 8),
    mapReduces(port, 20),
    {
      name: "experiment",
      byHand: experimentByHand(variants),
      ours: createExperiment({ models: variants, weights: { a: 50, b: 50 } }).compile(),
    },
  ];
}
