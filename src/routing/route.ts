import type { BaseMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import { invalidReturn } from "../errors/refuse-factory.js";
import type { Price } from "../ledger/model-call.js";
import type { Mentioning } from "../models/mentions.js";
import type { Capability } from "../models/model.js";
import type { ObservedLatency } from "../resilience/latency.js";
import type { RunContext } from "../state/run-context.js";
import { answerText } from "../text/answer-text.js";

/** Facts about a model that a route may use. */
export interface RoutableModel<Name extends string = string> {
  readonly name: Name;
  readonly description?: string;
  /** USD per million tokens; `null` when unknown. */
  readonly price: Price | null;
  readonly contextWindow?: number;
  /** Known capabilities; unset if nothing is known. */
  readonly capabilities?: readonly Capability[];
  /** Capabilities the model may have or lack. @default none, if `capabilities` is set */
  readonly unknownCapabilities?: readonly Capability[];
  /** Stated quality of its answers, 0..1. */
  readonly quality?: number;
  readonly tier?: string;
  readonly tags?: readonly string[];
  /** Milliseconds within which a share of its recent calls (0..1) was answered; after `patience` ms an open call counts as a miss. */
  readonly latency?: (percentile: number, patience?: number) => ObservedLatency | undefined;
  /** Claims the next trial of a model without recent times; returns false while another run tries it. */
  readonly probe?: () => boolean;
}

/** A decision with its reason. `name: undefined` is no decision. */
export interface RouteChoice<Name extends string = string> {
  readonly name: Name | undefined;
  /** Answer of the classifier, where it is not the name. */
  readonly label?: string;
  readonly scores?: Readonly<Record<string, number>>;
  readonly threshold?: number;
  readonly reason?: string;
  /** Skipped models with the reasons: a `skip` decision each. */
  readonly skipped?: readonly { readonly name: Name; readonly reason: string }[];
}

/** Input of a route. */
export type RouteTurn<Name extends string = string, Own = object> = StrategyTurn<Own> & {
  readonly models: readonly RoutableModel<Name>[];
  /** Capabilities needed beside those the messages show: `tools` if the caller of an `asChatModel` bound some. @default [] */
  readonly needs?: readonly Capability[];
  /** Path of the calling node in the whole (nested) graph: `chat/router`. Unset in a turn made by hand. */
  readonly path?: string;
};

/**
 * Chooses the model that answers: a plain function. `undefined` is no decision.
 *
 * The routes of this library accept any turn, so your own may call them: `(turn) => (isShort(turn) ? "small" : byCost(…)(turn))`.
 * They return `{ name: undefined, reason }` if they do not decide: continue with `firstOf`, not `??`. `mentions` lists the models a
 * route may choose, so that a pattern can report unknown names. (A method, so that a route over fewer models fits a router.)
 *
 * @typeParam Own keys that `state` of the factory adds. @default those of any graph
 * @typeParam Known names a turn may hold: all strings where you call the route yourself. @default those it chooses from
 */
export type Route<Name extends string = string, Known extends string = Name, Own = object> = {
  route(
    turn: RouteTurn<Known, Own>,
  ): Name | RouteChoice<Name> | undefined | Promise<Name | RouteChoice<Name> | undefined>;
}["route"] &
  Mentioning;

export function toChoice<Name extends string>(decided: Name | RouteChoice<Name> | undefined): RouteChoice<Name> {
  return typeof decided === "object" && decided !== null ? decided : { name: decided };
}

/** Returns a route's decision as an object; throws if it is neither a name nor a choice, which is a bug of the route. */
export function checkChoice<Name extends string>(
  decided: Name | RouteChoice<Name> | undefined,
  option: string,
): RouteChoice<Name> {
  const bare = decided === undefined || typeof decided === "string";
  if (bare || (typeof decided === "object" && decided !== null && "name" in decided)) return toChoice(decided);
  throw invalidReturn(
    option,
    decided,
    "it must return the name of a model, { name, reason, … }, or undefined for no decision",
  );
}

/** Adds the scores, threshold and skips of an earlier choice, unless the choice has its own. */
export function withEarlierScores<Name extends string>(
  choice: RouteChoice<Name>,
  { scores, threshold, skipped }: Omit<RouteChoice<Name>, "name">,
): RouteChoice<Name> {
  const measured = choice.scores !== undefined || choice.threshold !== undefined;
  const others = skipped?.filter(({ name }) => name !== choice.name) ?? [];
  return {
    ...(!measured && scores !== undefined && { scores }),
    ...(!measured && threshold !== undefined && { threshold }),
    ...(others.length > 0 && { skipped: others }),
    ...choice,
  };
}

export function lastText(messages: StrategyTurn["messages"]): string {
  const question = lastQuestion(messages);
  return question === undefined ? "" : question.type === "ai" ? answerText(question) : question.text;
}

/** Returns the last human message, otherwise the last message. */
export function lastQuestion(messages: StrategyTurn["messages"]): BaseMessage | undefined {
  return messages.findLast((message) => message.type === "human") ?? messages.at(-1);
}

/** Returns the run context; empty in a turn made by hand. */
export function contextOf({
  config,
}: Pick<StrategyTurn, "config">): Partial<RunContext> & Readonly<Record<string, unknown>> {
  const settings = Object.entries(config.context ?? {}).filter(([, value]) => value !== ""); // a form sends empty fields as ""
  return Object.fromEntries(settings) as Partial<RunContext> & Record<string, unknown>;
}
