import type { LangGraphRunnableConfig } from "@langchain/langgraph";

interface StepLimit {
  readonly limit: number;
  /** Extra steps of a resumed run, which has no input step. */
  readonly more: number;
  /** LangGraph's number of the first step; the count continues over all runs of a thread. */
  first?: number;
}

const key = "__multimodel_steps";

/** Makes the `configurable` entry of a limit; without a limit it removes that of an outer run. */
export function configuredLimit(limit: number | undefined, isResumed: boolean): Record<string, unknown> {
  const given: StepLimit | undefined = limit === undefined ? undefined : { limit, more: isResumed ? 2 : 0 };
  return { [key]: given };
}

export function stepLimit({ configurable }: LangGraphRunnableConfig): number | undefined {
  return (configurable?.[key] as StepLimit | undefined)?.limit;
}

/** Notes the first step of a run, from which steps are counted. */
export function noteStep({ configurable, metadata }: LangGraphRunnableConfig): void {
  const steps = configurable?.[key] as StepLimit | undefined;
  if (steps !== undefined && steps.first === undefined) steps.first = stepNumber({ metadata });
}

/**
 * Counts the steps left after this one. LangGraph gives a run with limit L the steps 1 to L - 1 and throws at the next, which loses
 * the work of the run.
 */
export function stepsLeft({ configurable, metadata }: LangGraphRunnableConfig): number {
  const {
    limit,
    more,
    first = Number.NaN,
  } = (configurable?.[key] as StepLimit | undefined) ?? { limit: Infinity, more: 0 };
  const left = first + limit + more - 2 - stepNumber({ metadata });
  return Number.isNaN(left) ? Infinity : left;
}

export function outOfSteps(config: LangGraphRunnableConfig, further: string): string {
  return `a recursionLimit of ${stepLimit(config)} leaves no room to ${further}`;
}

/** Returns the number of the step that a node runs in, the same for all nodes beside it. */
export function stepNumber({ metadata }: Pick<LangGraphRunnableConfig, "metadata">): number {
  return Number(metadata?.langgraph_step);
}
