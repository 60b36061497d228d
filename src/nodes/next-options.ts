import { decide, type Scope } from "../calls/scope.js";
import {
  AllModelsFailedError,
  CircuitOpenError,
  type Failure,
  type ModelCallError,
  StepLimitError,
} from "../errors/index.js";
import { outOfSteps, stepLimit, stepsLeft } from "../langgraph/step-limit.js";
import type { Decision } from "../state/decision.js";
import type { Candidate, OrchestrationState } from "../state/orchestration-state.js";
import { type NextModel, nextModel, type Tier } from "./next-model.js";

/** Nodes that may follow a node, as its pattern wired them. */
export interface NextOptions {
  readonly all: readonly Tier[];
  /** Models this node has an edge to, in order. */
  readonly tiers: readonly Tier[];
  /** Node for a run without an answer, which throws without it. */
  readonly otherwise?: string;
  /** Models that the node `otherwise` chooses from. @default `otherwise` answers without a model */
  readonly behind?: readonly Tier[];
  /** True if a run calls one model only, whose error then is the error of the run. */
  readonly alone?: boolean;
  /** Kind of the decision that moves on in this pattern. */
  readonly kind: Extract<Decision["kind"], "escalate" | "fallback" | "revise">;
}

export const fallbackName = "fallback";

/**
 * Returns the models that the remaining steps still allow; a judged answer needs one more step.
 *
 * @param between number of steps before the model
 */
export function withinSteps({ config }: Scope, { tiers }: Pick<NextOptions, "tiers">, between = 0): readonly Tier[] {
  const left = stepsLeft(config) - between;
  return tiers.filter(({ verified }) => left >= (verified ? 2 : 1));
}

/** Finds the model that would answer next, including those behind `otherwise`. */
export function lookAhead(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): NextModel {
  return nextModel(allWithinSteps(scope, nextOptions), nextOptions.all, state, scope.caller?.options);
}

function allWithinSteps(scope: Scope, nextOptions: NextOptions): readonly Tier[] {
  return [...withinSteps(scope, nextOptions), ...withinSteps(scope, { tiers: nextOptions.behind ?? [] }, 1)];
}

/** Returns the model that would come next if the run had more steps. */
export function beyondSteps(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): Tier | undefined {
  const reached = allWithinSteps(scope, nextOptions);
  const ways = [...nextOptions.tiers, ...(nextOptions.behind ?? [])];
  if (reached.length === ways.length) return undefined;
  const wanted = scope.caller?.options;
  const { tier } = nextModel(ways, nextOptions.all, state, wanted);
  return tier === nextModel(reached, nextOptions.all, state, wanted).tier ? undefined : tier;
}

/** Returns the answer with the highest score, else the last one. */
export function bestCandidate({ candidates }: Pick<OrchestrationState, "candidates">): Candidate | undefined {
  return candidates.reduceRight<Candidate | undefined>(
    (best, each) => (best === undefined || scoreOf(each) > scoreOf(best) ? each : best),
    undefined,
  );
}

const scoreOf = ({ verdict }: Candidate) => verdict?.score ?? -Infinity;

/**
 * Chooses the next node of a run without an answer and records why; `undefined` if there is no such node.
 *
 * @param why reason for moving on
 */
export function goToNext(
  scope: Scope,
  nextOptions: NextOptions,
  state: OrchestrationState,
  why: Pick<Decision, "reason" | "scores" | "threshold">,
): string | undefined {
  const { tier, skipped } = nextModel(withinSteps(scope, nextOptions), nextOptions.all, state, scope.caller?.options);
  for (const { name, reason } of skipped) {
    const recorded = state.decisions.some(
      (decision) => decision.kind === "skip" && decision.chosen === name && decision.reason === reason,
    );
    if (!recorded) decide(scope, { kind: "skip", chosen: name, reason });
  }
  const isOpen = nextOptions.behind === undefined || stepsLeft(scope.config) >= 2;
  const chosen = tier?.name ?? (isOpen ? nextOptions.otherwise : undefined);
  const beyond = beyondSteps(scope, nextOptions, state);
  if (beyond !== undefined) {
    const reason = `${why.reason}; ${outOfSteps(scope.config, `ask ${beyond.name}`)}`;
    decide(scope, { kind: "stop", chosen: chosen ?? bestCandidate(state)?.name ?? beyond.name, reason });
  }
  if (chosen !== undefined) decide(scope, { kind: decisionKind(chosen, nextOptions), chosen, ...why });
  return chosen;
}

/** True if the run returns its answer whatever the verdict, because no node is left. */
export function isLast(scope: Scope, { tiers, all, otherwise }: NextOptions, state: OrchestrationState): boolean {
  return otherwise === undefined && nextModel(tiers, all, state, scope.caller?.options).tier === undefined;
}

function decisionKind(chosen: string, { kind, otherwise }: NextOptions): Decision["kind"] {
  return chosen === fallbackName || chosen === otherwise ? "fallback" : kind;
}

export function failureOf(name: string, error: ModelCallError): Failure {
  const { class: kind, status, retryable, reason, thrown, steps } = error;
  const retryAfterMs = CircuitOpenError.isInstance(error) ? undefined : error.retryAfterMs; // no run waits for a breaker
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

/** Makes the error of a run without an answer; it has the last failure of each model. */
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
