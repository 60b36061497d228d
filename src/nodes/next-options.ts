import { decide, type Scope } from "../calls/scope.js";
import { AllModelsFailedError, type Failure, type ModelCallError, StepLimitError } from "../errors/index.js";
import { outOfSteps, stepLimit, stepsLeft } from "../langgraph/step-limit.js";
import type { Decision } from "../state/decision.js";
import type { Candidate, OrchestrationState } from "../state/orchestration-state.js";
import { type NextModel, nextModel, type Tier } from "./next-model.js";

/** The way ahead of a node, as its pattern drew it. */
export interface NextOptions {
  /** Every model of the pattern. */
  readonly all: readonly Tier[];
  /** Those this node has an edge to, in order. */
  readonly tiers: readonly Tier[];
  /** Where an unanswered run ends instead of in an error. */
  readonly otherwise?: string;
  /** The models `otherwise` chooses from, itself a step on the way to them. @default `otherwise` answers without a model */
  readonly behind?: readonly Tier[];
  /** True where a model is asked alone: its own error is then the error of the run. */
  readonly alone?: boolean;
  /** What moving on is called in this pattern. */
  readonly kind: Extract<Decision["kind"], "escalate" | "fallback" | "revise">;
}

/** The name of the node every pattern calls when nothing else answered. */
export const fallbackName = "fallback";

/**
 * The models a node may go on to before the steps of the run are gone: an answer that is judged takes one more.
 *
 * @param between steps on the way to them
 */
export function withinSteps({ config }: Scope, { tiers }: Pick<NextOptions, "tiers">, between = 0): readonly Tier[] {
  const left = stepsLeft(config) - between;
  return tiers.filter(({ verified }) => left >= (verified ? 2 : 1));
}

/** Finds the model that would answer next: one the node may go to, else one `otherwise` may choose. */
export function lookAhead(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): NextModel {
  return nextModel(allWithinSteps(scope, nextOptions), nextOptions.all, state, scope.caller?.options);
}

function allWithinSteps(scope: Scope, nextOptions: NextOptions): readonly Tier[] {
  return [...withinSteps(scope, nextOptions), ...withinSteps(scope, { tiers: nextOptions.behind ?? [] }, 1)];
}

/** The model that came next if the run had more steps. */
export function beyondSteps(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): Tier | undefined {
  const reached = allWithinSteps(scope, nextOptions);
  const ways = [...nextOptions.tiers, ...(nextOptions.behind ?? [])];
  if (reached.length === ways.length) return undefined;
  const wanted = scope.caller?.options;
  const { tier } = nextModel(ways, nextOptions.all, state, wanted);
  return tier === nextModel(reached, nextOptions.all, state, wanted).tier ? undefined : tier;
}

/** The answer a run ends with when it may not go on: the one with the highest score, else the last that came. */
export function bestCandidate({ candidates }: Pick<OrchestrationState, "candidates">): Candidate | undefined {
  return candidates.reduceRight<Candidate | undefined>(
    (best, each) => (best === undefined || scoreOf(each) > scoreOf(best) ? each : best),
    undefined,
  );
}

const scoreOf = ({ verdict }: Candidate) => verdict?.score ?? -Infinity;

/**
 * Chooses the node an unanswered run goes to and records why; `undefined` when there is none.
 *
 * @param why what is wrong with where the run is
 */
export function goToNext(
  scope: Scope,
  nextOptions: NextOptions,
  state: OrchestrationState,
  why: Pick<Decision, "reason" | "scores" | "threshold">,
): string | undefined {
  const { tier, skipped } = nextModel(withinSteps(scope, nextOptions), nextOptions.all, state, scope.caller?.options);
  for (const { name, reason } of skipped) {
    const told = state.decisions.some(
      (decision) => decision.kind === "skip" && decision.chosen === name && decision.reason === reason,
    );
    if (!told) decide(scope, { kind: "skip", chosen: name, reason });
  }
  const isOpen = nextOptions.behind === undefined || stepsLeft(scope.config) >= 2;
  const chosen = tier?.name ?? (isOpen ? nextOptions.otherwise : undefined);
  const beyond = beyondSteps(scope, nextOptions, state);
  if (beyond !== undefined) {
    const reason = `${why.reason}; ${outOfSteps(scope.config, `ask ${beyond.name}`)}`;
    decide(scope, { kind: "stop", chosen: chosen ?? bestCandidate(state)?.name ?? beyond.name, reason });
  }
  if (chosen !== undefined) decide(scope, { kind: kindOf(chosen, nextOptions), chosen, ...why });
  return chosen;
}

/** True where an answer is returned whatever is said of it: no model is left, and nothing else comes. */
export function isLast(scope: Scope, { tiers, all, otherwise }: NextOptions, state: OrchestrationState): boolean {
  return otherwise === undefined && nextModel(tiers, all, state, scope.caller?.options).tier === undefined;
}

function kindOf(chosen: string, { kind, otherwise }: NextOptions): Decision["kind"] {
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

/** The error of a run in which nothing answered; of a model that was asked again, it has the last failure. */
export function noAnswerError(
  scope: Scope,
  nextOptions: NextOptions,
  state: OrchestrationState,
  last?: ModelCallError,
): Error {
  const failures = [...new Map(state.failures.map((failure) => [failure.name, failure])).values()];
  const beyond = beyondSteps(scope, nextOptions, state);
  const limit = stepLimit(scope.config);
  if (beyond !== undefined && limit !== undefined) return new StepLimitError(limit, failures);
  const alone = nextOptions.alone === true && failures.length <= 1 && last !== undefined;
  if (alone) return last;
  const { skipped } = nextModel(nextOptions.tiers, nextOptions.all, state, scope.caller?.options);
  return new AllModelsFailedError(
    failures,
    last,
    skipped.filter(({ name }) => failures.every((failure) => failure.name !== name)),
  );
}
