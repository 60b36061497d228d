import type { LangGraphRunnableConfig } from "@langchain/langgraph";

/** What a run knows of the `recursionLimit` its caller set. */
interface StepLimit {
  readonly limit: number;
  /** Steps a run that is resumed has beyond those of a new one: it begins without an input. */
  readonly more: number;
  /** LangGraph's number of the first step: it counts on over all runs of a thread. */
  first?: number;
}

const key = "__multimodel_steps";

/** The limit of a run, as part of its `configurable`; without one it also takes that of a run around away. */
export function configuredLimit(limit: number | undefined, isResumed: boolean): Record<string, unknown> {
  const given: StepLimit | undefined = limit === undefined ? undefined : { limit, more: isResumed ? 2 : 0 };
  return { [key]: given };
}

/** The limit the caller of a run set, where there is one. */
export function stepLimit({ configurable }: LangGraphRunnableConfig): number | undefined {
  return (configurable?.[key] as StepLimit | undefined)?.limit;
}

/** Notes that a node begins: steps are counted from the first one of the run. */
export function noteStep({ configurable, metadata }: LangGraphRunnableConfig): void {
  const steps = configurable?.[key] as StepLimit | undefined;
  if (steps !== undefined && steps.first === undefined) steps.first = Number(metadata?.langgraph_step);
}

/**
 * Counts the steps a run may still make after this one. LangGraph gives a run of limit L the steps 1 to L - 1, and ends one that
 * needs more in an error, and its work with it.
 */
export function stepsLeft({ configurable, metadata }: LangGraphRunnableConfig): number {
  const {
    limit,
    more,
    first = Number.NaN,
  } = (configurable?.[key] as StepLimit | undefined) ?? { limit: Infinity, more: 0 };
  const left = first + limit + more - 2 - Number(metadata?.langgraph_step);
  return Number.isNaN(left) ? Infinity : left;
}

/** Why a run goes no further. */
export function outOfSteps(config: LangGraphRunnableConfig, further: string): string {
  return `a recursionLimit of ${stepLimit(config)} leaves no room to ${further}`;
}
