import { AllModelsFailedError, type Failure, type ModelCallError } from "../errors/index.js";
import { decide, type Site } from "../models/site.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { nextModel, type Rung } from "./next-model.js";

/** The way ahead of a node, as its pattern drew it. */
export interface Onward {
  /** Every model of the pattern. */
  readonly all: readonly Rung[];
  /** Those this node has an edge to, in order. */
  readonly rungs: readonly Rung[];
  /** Where an unanswered run ends instead of in an error. */
  readonly otherwise?: string;
  /** True where a model is asked alone: its own error is then the error of the run. */
  readonly alone?: boolean;
  /** What moving on is called in this pattern. */
  readonly kind: Extract<Decision["kind"], "escalate" | "fallback" | "revise">;
}

/** The name of the node every pattern calls when nothing else answered. */
export const fallbackName = "fallback";

/**
 * Chooses the node an unanswered run goes to and records why; `undefined` when there is none.
 *
 * @param why what is wrong with where the run is
 */
export function goOnward(
  site: Site,
  onward: Onward,
  state: OrchestrationState,
  why: Pick<Decision, "reason" | "scores" | "threshold">,
): string | undefined {
  const { rung, skipped } = nextModel(onward.rungs, onward.all, state, site.caller?.options);
  for (const { name, reason } of skipped) {
    const told = state.decisions.some(
      (decision) => decision.kind === "skip" && decision.chosen === name && decision.reason === reason,
    );
    if (!told) decide(site, { kind: "skip", chosen: name, reason });
  }
  const chosen = rung?.name ?? onward.otherwise;
  if (chosen !== undefined) decide(site, { kind: kindOf(chosen, onward), chosen, ...why });
  return chosen;
}

/** True where an answer is returned whatever is said of it: no model is left, and nothing else comes. */
export function isLast(site: Site, { rungs, all, otherwise }: Onward, state: OrchestrationState): boolean {
  return otherwise === undefined && nextModel(rungs, all, state, site.caller?.options).rung === undefined;
}

function kindOf(chosen: string, { kind, otherwise }: Onward): Decision["kind"] {
  return chosen === fallbackName || chosen === otherwise ? "fallback" : kind;
}

/** What a failed call leaves in state. */
export function failureOf(name: string, error: ModelCallError): Failure {
  const { class: kind, status, retryAfterMs, retryable, reason, thrown, steps } = error;
  return {
    name,
    class: kind,
    message: reason,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(thrown === undefined ? {} : { thrown }),
    ...(retryable ? { retryable } : {}),
    ...(steps.length > 0 ? { steps } : {}),
  };
}

/** The error of a run in which nothing answered. */
export function exhausted(onward: Onward, state: OrchestrationState, last?: ModelCallError): Error {
  const alone = onward.alone === true && state.failures.length <= 1 && last !== undefined;
  return alone ? last : new AllModelsFailedError(state.failures, last);
}
