import { decide, type Site } from "../calls/scope.js";
import { AllModelsFailedError, type Failure, type ModelCallError, StepLimitError } from "../errors/index.js";
import { outOfSteps, stepLimit, stepsLeft } from "../langgraph/step-limit.js";
import type { Decision } from "../state/decision.js";
import type { Candidate, OrchestrationState } from "../state/orchestration-state.js";
import { type NextModel, nextModel, type Rung } from "./next-model.js";

/** The way ahead of a node, as its pattern drew it. */
export interface Onward {
  /** Every model of the pattern. */
  readonly all: readonly Rung[];
  /** Those this node has an edge to, in order. */
  readonly rungs: readonly Rung[];
  /** Where an unanswered run ends instead of in an error. */
  readonly otherwise?: string;
  /** The models `otherwise` chooses from, itself a step on the way to them. @default `otherwise` answers without a model */
  readonly behind?: readonly Rung[];
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
export function inReach({ config }: Site, { rungs }: Pick<Onward, "rungs">, between = 0): readonly Rung[] {
  const left = stepsLeft(config) - between;
  return rungs.filter(({ verified }) => left >= (verified ? 2 : 1));
}

/** Finds the model that would answer next: one the node may go to, else one `otherwise` may choose. */
export function lookAhead(site: Site, onward: Onward, state: OrchestrationState): NextModel {
  return nextModel(allInReach(site, onward), onward.all, state, site.caller?.options);
}

function allInReach(site: Site, onward: Onward): readonly Rung[] {
  return [...inReach(site, onward), ...inReach(site, { rungs: onward.behind ?? [] }, 1)];
}

/** The model that came next if the run had more steps. */
export function outOfReach(site: Site, onward: Onward, state: OrchestrationState): Rung | undefined {
  const reached = allInReach(site, onward);
  const ways = [...onward.rungs, ...(onward.behind ?? [])];
  if (reached.length === ways.length) return undefined;
  const wanted = site.caller?.options;
  const { rung } = nextModel(ways, onward.all, state, wanted);
  return rung === nextModel(reached, onward.all, state, wanted).rung ? undefined : rung;
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
export function goOnward(
  site: Site,
  onward: Onward,
  state: OrchestrationState,
  why: Pick<Decision, "reason" | "scores" | "threshold">,
): string | undefined {
  const { rung, skipped } = nextModel(inReach(site, onward), onward.all, state, site.caller?.options);
  for (const { name, reason } of skipped) {
    const told = state.decisions.some(
      (decision) => decision.kind === "skip" && decision.chosen === name && decision.reason === reason,
    );
    if (!told) decide(site, { kind: "skip", chosen: name, reason });
  }
  const isOpen = onward.behind === undefined || stepsLeft(site.config) >= 2;
  const chosen = rung?.name ?? (isOpen ? onward.otherwise : undefined);
  const beyond = outOfReach(site, onward, state);
  if (beyond !== undefined) {
    const reason = `${why.reason}; ${outOfSteps(site.config, `ask ${beyond.name}`)}`;
    decide(site, { kind: "stop", chosen: chosen ?? bestCandidate(state)?.name ?? beyond.name, reason });
  }
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

/** The error of a run in which nothing answered; of a model that was asked again, it has the last failure. */
export function exhausted(site: Site, onward: Onward, state: OrchestrationState, last?: ModelCallError): Error {
  const failures = [...new Map(state.failures.map((failure) => [failure.name, failure])).values()];
  const beyond = outOfReach(site, onward, state);
  const limit = stepLimit(site.config);
  if (beyond !== undefined && limit !== undefined) return new StepLimitError(limit, failures);
  const alone = onward.alone === true && failures.length <= 1 && last !== undefined;
  if (alone) return last;
  const { skipped } = nextModel(onward.rungs, onward.all, state, site.caller?.options);
  return new AllModelsFailedError(
    failures,
    last,
    skipped.filter(({ name }) => failures.every((failure) => failure.name !== name)),
  );
}
