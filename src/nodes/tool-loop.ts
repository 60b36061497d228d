import { AIMessage, AIMessageChunk, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { decide, type Scope } from "../calls/scope.js";
import { remember } from "../resilience/recent.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { toBase64 } from "../text/bytes.js";
import { digest } from "../text/digest.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { nextModel, type Tier } from "./next-model.js";
import { type NextOptions, withinSteps } from "./next-options.js";

/** Finds the message whose tool calls the conversation ends with results of; `undefined` outside a tool loop. */
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
 * Returns the model of this pattern that gave an answer, read from the path recorded on the answer.
 *
 * @param names models of this pattern
 */
export function answeringModel(
  answer: BaseMessage | undefined,
  { path, node }: Scope,
  names: readonly string[],
): string | undefined {
  const { modelUsed = recentCallerOf(answer) } = (answer?.type === "ai" && orchestrationOf(answer)) || {};
  const around = path.slice(0, path.length - node.length);
  if (typeof modelUsed !== "string" || !modelUsed.startsWith(around)) return undefined;
  const [name] = modelUsed.slice(around.length).split("/");
  return names.find((each) => each === name);
}

/**
 * Paths of the models that made recent tool calls. Clients that use a provider's wire format return an answer without our metadata,
 * so that only its tool calls identify the model.
 */
const recentCallers = new Map<string, string>();

export function noteToolCalls({ tool_calls: calls = [] }: AIMessage, modelUsed: string): void {
  if (calls.length > 0) remember(recentCallers, callsKey(calls), modelUsed);
}

function recentCallerOf(answer: BaseMessage | undefined): string | undefined {
  const { tool_calls: calls = [] } = (answer ?? {}) as Partial<AIMessage>;
  return calls.length === 0 ? undefined : recentCallers.get(callsKey(calls));
}

/** Makes a key of ids, names and arguments, because some servers number the calls of each request from one. */
function callsKey(calls: NonNullable<AIMessage["tool_calls"]>): string {
  const text = JSON.stringify(calls.map(({ id, name, args }) => [id, name, args]));
  return toBase64(digest(text));
}

/** Returns the model that made the tool calls whose results end the conversation, or `undefined` if there is no such model here. */
export function loopModel(
  scope: Scope,
  messages: readonly BaseMessage[],
  names: readonly string[],
): string | undefined {
  return answeringModel(loopStart(messages), scope, names);
}

export function loopReason(name: string): string {
  return `${name} made the tool calls whose results came, and goes on`;
}

/**
 * Returns the tier that made the tool calls, unless this run has called it already or it has to be skipped.
 *
 * @param from tier that would be called otherwise
 */
export function loopTier(
  scope: Scope,
  { all, tiers }: NextOptions,
  state: OrchestrationState,
  from?: Tier,
): Tier | undefined {
  const names = all.map((tier) => tier.name);
  const name = loopModel(scope, state.messages, names);
  const maker = tiers.find((tier) => tier.name === name);
  if (maker === undefined || maker.model === from?.model) return undefined;
  if (withinSteps(scope, { tiers: [maker] }, from?.verified ? 1 : 0).length === 0) return undefined;
  if ([...state.failures, ...state.candidates].some((asked) => asked.name === name)) return undefined;
  const others = all.filter((tier) => tier !== maker);
  return nextModel([maker, ...others], all, state, scope).tier === maker ? maker : undefined;
}

/** Records that the run goes on to the tier that made the tool calls, and returns its name. */
export function continueLoop(scope: Scope, maker: Tier | undefined): string | undefined {
  if (maker !== undefined) decide(scope, { kind: "route", chosen: maker.name, reason: loopReason(maker.name) });
  return maker?.name;
}

/** Drops the tiers below the one that made the tool calls, once that has answered. */
export function optionsInLoop(
  scope: Scope,
  nextOptions: NextOptions,
  { messages, candidates }: OrchestrationState,
): NextOptions {
  const names = nextOptions.all.map(({ name }) => name);
  const maker = loopModel(scope, messages, names);
  if (maker === undefined || !candidates.some(({ name }) => name === maker)) return nextOptions;
  const below = names.slice(0, names.indexOf(maker));
  return { ...nextOptions, tiers: nextOptions.tiers.filter(({ name }) => !below.includes(name)) };
}
