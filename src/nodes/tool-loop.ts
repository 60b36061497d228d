import { AIMessage, AIMessageChunk, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { decide, type Scope } from "../calls/scope.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { toBase64 } from "../text/bytes.js";
import { digest } from "../text/digest.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { nextModel, type Tier } from "./next-model.js";
import { type NextOptions, withinSteps } from "./next-options.js";
import { remember } from "./recent.js";

/** The answer whose tool calls the results at the end of a conversation belong to; `undefined` outside a tool loop. */
function loopStart(messages: readonly BaseMessage[]): AIMessage | AIMessageChunk | undefined {
  const last = messages.at(-1);
  if (!ToolMessage.isInstance(last)) return undefined;
  return messages.findLast((message): message is AIMessage => isCall(message, last.tool_call_id));
}

function isCall(message: BaseMessage, id: string): boolean {
  if (!AIMessage.isInstance(message) && !AIMessageChunk.isInstance(message)) return false;
  return message.tool_calls?.some((call) => call.id === id) === true;
}

/**
 * The model of a pattern that gave an answer, as the answer says: the part of its path that belongs to this pattern.
 *
 * @param names the models there are
 */
export function giverOf(
  answer: BaseMessage | undefined,
  { path, node }: Scope,
  names: readonly string[],
): string | undefined {
  const { modelUsed = makerOf(answer) } = (answer?.type === "ai" && orchestrationOf(answer)) || {};
  const around = path.slice(0, path.length - node.length);
  if (typeof modelUsed !== "string" || !modelUsed.startsWith(around)) return undefined;
  const [name] = modelUsed.slice(around.length).split("/");
  return names.find((each) => each === name);
}

/**
 * Who made the tool calls this process saw last. Programs that speak a provider's wire format send an answer back without what we
 * wrote on it, and with the ids of its calls.
 */
const makers = new Map<string, string>();

/** Notes who made the tool calls of an answer. */
export function noteMaker({ tool_calls: calls = [] }: AIMessage, modelUsed: string): void {
  if (calls.length > 0) remember(makers, keyOf(calls), modelUsed);
}

function makerOf(answer: BaseMessage | undefined): string | undefined {
  const { tool_calls: calls = [] } = (answer ?? {}) as Partial<AIMessage>;
  return calls.length === 0 ? undefined : makers.get(keyOf(calls));
}

/** Some servers number the calls of each request from one, so names and arguments belong to it. */
function keyOf(calls: NonNullable<AIMessage["tool_calls"]>): string {
  const text = JSON.stringify(calls.map(({ id, name, args }) => [id, name, args]));
  return toBase64(digest(text));
}

/** The model that made the tool calls whose results a conversation ends in; `undefined` where there are none, or it is unknown. */
export function loopModel(
  scope: Scope,
  messages: readonly BaseMessage[],
  names: readonly string[],
): string | undefined {
  return giverOf(loopStart(messages), scope, names);
}

/** Why such a model is asked. */
export function loopReason(name: string): string {
  return `${name} made the tool calls whose results came, and goes on`;
}

/**
 * The tier of a ladder or chain that made the tool calls: it goes on, unless it was asked in this run or something speaks against it.
 *
 * @param from the tier that would be asked otherwise
 */
export function makerAhead(
  scope: Scope,
  { all, tiers }: NextOptions,
  state: OrchestrationState,
  from?: Tier,
): Tier | undefined {
  const name = loopModel(
    scope,
    state.messages,
    all.map((tier) => tier.name),
  );
  const maker = tiers.find((tier) => tier.name === name);
  if (maker === undefined || maker.model === from?.model) return undefined;
  if (withinSteps(scope, { tiers: [maker] }, from?.verified ? 1 : 0).length === 0) return undefined;
  if ([...state.failures, ...state.candidates].some((asked) => asked.name === name)) return undefined;
  const others = all.filter((tier) => tier !== maker);
  return nextModel([maker, ...others], all, state, scope.caller?.options).tier === maker ? maker : undefined;
}

/** Sends a run on to the tier that made the tool calls, and records it. */
export function goOnInLoop(scope: Scope, maker: Tier | undefined): string | undefined {
  if (maker !== undefined) decide(scope, { kind: "route", chosen: maker.name, reason: loopReason(maker.name) });
  return maker?.name;
}

/** The way ahead in a tool loop: once the tier that made the calls has answered, none below it is asked any more. */
export function aheadInLoop(
  scope: Scope,
  nextOptions: NextOptions,
  { messages, candidates }: OrchestrationState,
): NextOptions {
  const maker = loopModel(
    scope,
    messages,
    nextOptions.all.map(({ name }) => name),
  );
  if (!candidates.some(({ name }) => name === maker)) return nextOptions;
  const below = nextOptions.all.slice(
    0,
    nextOptions.all.findIndex(({ name }) => name === maker),
  );
  return { ...nextOptions, tiers: nextOptions.tiers.filter((tier) => !below.includes(tier)) };
}
