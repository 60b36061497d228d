import type { Capability } from "../models/model.js";
import type { Turn } from "../models/turn.js";
import type { Price } from "../state/ledger.js";

/** What a route may know of a model. */
export interface RoutableModel<Name extends string = string> {
  readonly name: Name;
  readonly description?: string;
  /** USD per million tokens; `null` when unknown. */
  readonly price: Price | null;
  readonly contextWindow?: number;
  readonly capabilities?: readonly Capability[];
  readonly tier?: string;
  readonly tags?: readonly string[];
}

/** A decision with its grounds; a bare name is one without. `name: undefined` is no decision, with a reason. */
export interface RouteChoice<Name extends string = string> {
  readonly name: Name | undefined;
  /** The word the classifier said, where it is not the name. */
  readonly label?: string;
  readonly scores?: Readonly<Record<string, number>>;
  readonly threshold?: number;
  readonly reason?: string;
}

/**
 * Chooses the model that answers: a plain function. `undefined` means: no decision.
 *
 * Written as a method so that a route over some of a router's models is a route of that router.
 */
export type Route<Name extends string = string> = {
  route(
    turn: Turn & { readonly models: readonly RoutableModel<Name>[] },
  ): Name | RouteChoice<Name> | undefined | Promise<Name | RouteChoice<Name> | undefined>;
}["route"];

/** The decision in its long form. */
export function toChoice<Name extends string>(decided: Name | RouteChoice<Name> | undefined): RouteChoice<Name> {
  return typeof decided === "object" && decided !== null ? decided : { name: decided };
}

/** The text a route looks at: the last message a person wrote. */
export function lastText(messages: Turn["messages"]): string {
  return (messages.findLast((message) => message.type === "human") ?? messages.at(-1))?.text ?? "";
}

/** A text as a regular expression that matches it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
