import { decide, type Scope } from "../calls/scope.js";
import { limitError, type Shortage, shortage, shortageIn } from "../calls/shortage.js";
import {
  AllModelsFailedError,
  BudgetExceededError,
  CircuitOpenError,
  type Failure,
  isLimit,
  type ModelCallError,
  StepLimitError,
  UnknownRouteError,
} from "../errors/index.js";
import { outOfSteps, stepLimit, stepsLeft } from "../langgraph/step-limit.js";
import type { Decision } from "../state/decision.js";
import type { Candidate, OrchestrationState } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
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

/**
 * Puts the model that a verdict names before the others; "fallback" ends the ladder, even without a `fallback`.
 *
 * @throws {UnknownRouteError} when this node has no way to a model of that name
 */
export function outOfTurn(nextOptions: NextOptions, name: string | undefined): NextOptions {
  if (name === undefined) return nextOptions;
  if (name === fallbackName) return { ...nextOptions, tiers: nextOptions.tiers.filter((tier) => tier.name === name) };
  const named = nextOptions.tiers.filter((tier) => tier.name === name);
  if (named.length === 0 && nextOptions.all.every((tier) => tier.name !== name))
    throw new UnknownRouteError(
      name,
      nextOptions.tiers.map((tier) => tier.name),
      "The `next` of a verdict",
    );
  return { ...nextOptions, tiers: [...named, ...nextOptions.tiers.filter((tier) => tier.name !== name)] };
}

/** Finds the model that would answer next, including those behind `otherwise`. */
export function lookAhead(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): NextModel {
  return nextModel(allWithinSteps(scope, nextOptions), nextOptions.all, state, scope);
}

function allWithinSteps(scope: Scope, nextOptions: NextOptions): readonly Tier[] {
  return [...withinSteps(scope, nextOptions), ...withinSteps(scope, { tiers: nextOptions.behind ?? [] }, 1)];
}

/** Returns the model that would come next if the run had more steps, money or time, and why it has not. */
export function beyondMeans(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): Beyond | undefined {
  const reached = allWithinSteps(scope, nextOptions);
  const ways = [...nextOptions.tiers, ...(nextOptions.behind ?? [])];
  const hasSteps = reached.length === ways.length;
  if (hasSteps && scope.means === undefined) return undefined;
  const { tier } = nextModel(ways, nextOptions.all, state, { ...scope, means: undefined });
  if (tier === undefined || tier === nextModel(reached, nextOptions.all, state, scope).tier) return undefined;
  const short = shortage(tier.model, [...state.messages, ...stepsOf(state)], scope);
  if (short === undefined && hasSteps) return undefined;
  return {
    tier,
    short,
    reason: short === undefined ? outOfSteps(scope.config, `ask ${tier.name}`) : `${tier.name}: ${short.reason}`,
  };
}

/** Returns why a run ends early: steps, money or time are missing for a further model, or the last call did not fit. */
export function ranOut(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): string | undefined {
  const last = state.failures.at(-1);
  return beyondMeans(scope, nextOptions, state)?.reason ?? (isLimit(last?.class) ? last!.message : undefined);
}

/** Model that a run has no means left for. */
interface Beyond {
  readonly tier: Tier;
  readonly reason: string;
  /** Set if money or time is missing, not steps. */
  readonly short: Shortage | undefined;
}

/** Returns why a model that could come next is not called, if it is a privacy rule. */
function barredIn({ privacy }: Scope, { tiers, behind = [] }: NextOptions): Shortage | undefined {
  const reasons = [...tiers, ...behind].map(({ model }) => privacy?.barred(model));
  const reason = reasons.find((each) => each !== undefined);
  return reason === undefined ? undefined : { reason, isBarred: true };
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
  const { tier, skipped } = nextModel(withinSteps(scope, nextOptions), nextOptions.all, state, scope);
  for (const { name, reason } of skipped) {
    const recorded = state.decisions.some(
      (decision) => decision.kind === "skip" && decision.chosen === name && decision.reason === reason,
    );
    if (!recorded) decide(scope, { kind: "skip", chosen: name, reason });
  }
  const isOpen = nextOptions.behind === undefined || stepsLeft(scope.config) >= 2;
  const chosen = tier?.name ?? (isOpen ? nextOptions.otherwise : undefined);
  const beyond = beyondMeans(scope, nextOptions, state);
  const limit = beyond?.reason ?? (chosen === undefined ? ranOut(scope, nextOptions, state) : undefined);
  if (limit !== undefined) {
    const reason = why.reason.includes(limit) ? why.reason : `${why.reason}; ${limit}`;
    const stopped = chosen ?? bestCandidate(state)?.name ?? beyond?.tier.name ?? state.failures.at(-1)!.name;
    decide(scope, { kind: "stop", chosen: stopped, reason });
  }
  if (chosen !== undefined) decide(scope, { kind: decisionKind(chosen, nextOptions), chosen, ...why });
  return chosen;
}

/** True if the run returns its answer whatever the verdict, because no node is left. */
export function isLast(scope: Scope, { tiers, all, otherwise }: NextOptions, state: OrchestrationState): boolean {
  return otherwise === undefined && nextModel(tiers, all, state, scope).tier === undefined;
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
    ...(BudgetExceededError.isInstance(error) && {
      budget: { limitUsd: error.limitUsd, spentUsd: error.spentUsd },
    }),
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
  const allFailed = () => {
    const { skipped } = nextModel(nextOptions.tiers, nextOptions.all, state, scope);
    const others = skipped.filter(({ name }) => failures.every((failure) => failure.name !== name));
    return new AllModelsFailedError(failures, last, others);
  };
  const barred = barredIn(scope, nextOptions);
  if (barred !== undefined && last?.class !== "not_allowed")
    return limitError(scope, barred, failures.length > 0 ? allFailed() : last);
  const beyond = beyondMeans(scope, nextOptions, state);
  const limit = stepLimit(scope.config);
  const limited = beyond?.short ?? shortageIn(failures.findLast(({ class: kind }) => isLimit(kind)));
  if (limited !== undefined) {
    return isLimit(last?.class) ? last! : limitError(scope, limited, failures.length > 0 ? allFailed() : last);
  }
  if (beyond !== undefined && limit !== undefined) return new StepLimitError(limit, failures);
  const alone = nextOptions.alone === true && failures.length <= 1 && last !== undefined;
  if (alone) return last;
  return allFailed();
}
