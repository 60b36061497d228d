import type { BaseMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import { badReturn } from "../errors/uncalled.js";
import type { Price } from "../ledger/model-call.js";
import type { Mentioning } from "../models/mentions.js";
import type { Capability } from "../models/model.js";
import type { ObservedLatency } from "../resilience/latency.js";
import type { RunContext } from "../state/run-context.js";

/** What a route may know of a model. */
export interface RoutableModel<Name extends string = string> {
  readonly name: Name;
  readonly description?: string;
  /** USD per million tokens; `null` when unknown. */
  readonly price: Price | null;
  readonly contextWindow?: number;
  /** What it is known to have; nothing is known where it is absent. */
  readonly capabilities?: readonly Capability[];
  /** Those it may have: nothing says so, or otherwise. @default none beside `capabilities` */
  readonly unknownCapabilities?: readonly Capability[];
  readonly tier?: string;
  readonly tags?: readonly string[];
  /**
   * Milliseconds within which it answered lately, for a share of its calls (0..1); `undefined` when there were none.
   *
   * @param patience ms after which a call that is still under way counts as one without an answer. @default it never does
   */
  readonly latency?: (percentile: number, patience?: number) => ObservedLatency | undefined;
  /** Takes on to try a model nobody timed lately; false while another run is at it. */
  readonly probe?: () => boolean;
}

/** A decision with its grounds; a bare name is one without. `name: undefined` is no decision, with a reason. */
export interface RouteChoice<Name extends string = string> {
  readonly name: Name | undefined;
  /** The word the classifier said, where it is not the name. */
  readonly label?: string;
  readonly scores?: Readonly<Record<string, number>>;
  readonly threshold?: number;
  readonly reason?: string;
  /** Models that were passed over, and why: a `skip` decision each. */
  readonly skipped?: readonly { readonly name: Name; readonly reason: string }[];
}

/** What a route is given. */
export type RouteTurn<Name extends string = string> = StrategyTurn & {
  readonly models: readonly RoutableModel<Name>[];
  /** What the answer needs beside what the messages show: `tools` where the caller of an `asChatModel` bound some. @default none */
  readonly needs?: readonly Capability[];
  /** Path of the node that asks, in the whole (nested) graph: `chat/router`; none in a turn that was made by hand. */
  readonly path?: string;
};

/**
 * Chooses the model that answers: a plain function. `undefined` means: no decision.
 *
 * The routes of this library take any turn, so one of your own may call them: `(turn) => (isShort(turn) ? "small" : byCost(…)(turn))`.
 * A route that carries `mentions` says which models it may choose: a pattern refuses one that names a model it does not have.
 * They always return an object, `{ name: undefined, reason }` where they do not decide; to go on from there use `firstOf`, not
 * `??`. Written as a method so that a route over some of a router's models is a route of that router.
 *
 * @typeParam Known the models a turn may hold: all names where it is called by hand. @default those it chooses from
 */
export type Route<Name extends string = string, Known extends string = Name> = {
  route(turn: RouteTurn<Known>): Name | RouteChoice<Name> | undefined | Promise<Name | RouteChoice<Name> | undefined>;
}["route"] &
  Mentioning;

/** The decision in its long form. */
export function toChoice<Name extends string>(decided: Name | RouteChoice<Name> | undefined): RouteChoice<Name> {
  return typeof decided === "object" && decided !== null ? decided : { name: decided };
}

/**
 * The decision in its long form, of a route nobody checked yet.
 *
 * @throws {InvalidOptionError} when it is neither a name nor a choice: a fault of the program, not "no decision"
 */
export function checkChoice<Name extends string>(
  decided: Name | RouteChoice<Name> | undefined,
  option: string,
): RouteChoice<Name> {
  const bare = decided === undefined || typeof decided === "string";
  if (bare || (typeof decided === "object" && decided !== null && "name" in decided)) return toChoice(decided);
  throw badReturn(
    option,
    decided,
    "it must return the name of a model, { name, reason, … }, or undefined for no decision",
  );
}

/** A choice with the scores and threshold, and the skips, of one before it, where it has none of its own. */
export function withGrounds<Name extends string>(
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

/** The text a route looks at: the last message a person wrote. */
export function lastText(messages: StrategyTurn["messages"]): string {
  return lastQuestion(messages)?.text ?? "";
}

/** The last message a person wrote; the last one at all where none did. */
export function lastQuestion(messages: StrategyTurn["messages"]): BaseMessage | undefined {
  return messages.findLast((message) => message.type === "human") ?? messages.at(-1);
}

/** The settings a run was given; none in a turn that was made by hand. */
export function contextOf({
  config,
}: Pick<StrategyTurn, "config">): Partial<RunContext> & Readonly<Record<string, unknown>> {
  return (config.context ?? {}) as Partial<RunContext> & Record<string, unknown>;
}

/** A text as a regular expression that matches it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
