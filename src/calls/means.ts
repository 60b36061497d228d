import { type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { placeOfGraph } from "../langgraph/namespace.js";
import { writesBefore } from "../langgraph/writes-before.js";
import type { Budget } from "../ledger/purse.js";
import { Allowance, type CallBefore } from "../resilience/allowance.js";
import type { RunContext } from "../state/run-context.js";

/** End of the time that a run may take. */
export interface Deadline {
  /** Milliseconds from its start, as given. */
  readonly ms: number;
  /** Time by the monotonic clock. */
  readonly at: number;
}

/** What a run may still spend, shared by all of its nodes and by the patterns within. */
export interface RunMeans {
  /** Limits on money: of this run, and of runs around it. */
  readonly allowances: readonly Allowance[];
  /** The earliest deadline of this run and of runs around it. */
  readonly deadline: Deadline | undefined;
  /** Window budgets of the patterns around. */
  readonly budgets: readonly Budget[];
}

interface RunLimits {
  readonly context: RunContext | undefined;
  readonly turnId: string;
  /** Budget of the pattern. */
  readonly budget?: Budget | undefined;
}

/** Returns the means of a run within another: its own limits narrow those around. */
export function narrowed(around: RunMeans | undefined, { context, turnId, budget }: RunLimits): RunMeans | undefined {
  const { maxCostUsd, deadlineMs } = context ?? {};
  if (maxCostUsd === undefined && deadlineMs === undefined && budget === undefined) return around;
  const { allowances = [], deadline, budgets = [] } = around ?? {};
  const own = deadlineMs === undefined ? undefined : { ms: deadlineMs, at: performance.now() + deadlineMs };
  return {
    allowances: maxCostUsd === undefined ? allowances : [...allowances, new Allowance(maxCostUsd, turnId)],
    deadline: own && (deadline === undefined || own.at < deadline.at) ? own : deadline,
    budgets: budget === undefined || budgets.includes(budget) ? budgets : [...budgets, budget],
  };
}

/** Means by run: the control object of LangGraph, which a caller may reuse, and the id of the run. */
const runs = new WeakMap<object, Map<string, RunMeans>>();
/** Runs kept per control object. */
const most = 1_000;

/** Means of runs of a user's own graph, by the `writer` that LangGraph makes for each run, and by the limits. */
const graphRuns = new WeakMap<object, Map<string, RunMeans>>();

/** Returns the means that all patterns within one run of a user's own graph share. */
function meansOfGraphRun(writer: object, limits: RunContext, turnId: string): RunMeans | undefined {
  const { maxCostUsd, deadlineMs } = limits;
  const known = graphRuns.get(writer) ?? new Map<string, RunMeans>();
  graphRuns.set(writer, known);
  const key = `${maxCostUsd} ${deadlineMs}`;
  const means = known.get(key) ?? narrowed(undefined, { context: limits, turnId });
  if (means !== undefined) known.set(key, means);
  return means;
}

/**
 * Returns the means of an outermost run; `undefined` without limits. They are made by its first node; the deadline of a run that goes on
 * after a pause begins anew. Patterns within one run of a user's own graph share the limits of that run.
 */
export function meansOfRun(
  { control, context, writer, metadata }: Pick<LangGraphRunnableConfig, "control" | "context" | "writer" | "metadata">,
  turnId: string,
  budget: Budget | undefined,
): RunMeans | undefined {
  const limits = context as RunContext | undefined;
  if (limits?.maxCostUsd === undefined && limits?.deadlineMs === undefined && budget === undefined) return undefined;
  if (writer !== undefined && placeOfGraph({ metadata }) !== "") {
    return narrowed(meansOfGraphRun(writer, limits ?? {}, turnId), { context: undefined, turnId, budget });
  }
  const known = control === undefined ? undefined : (runs.get(control) ?? new Map<string, RunMeans>());
  const found = known?.get(turnId);
  if (found !== undefined) return found;
  const means = narrowed(undefined, { context: limits, turnId, budget })!;
  if (known === undefined) return means;
  runs.set(control!, known);
  known.set(turnId, means);
  if (known.size > most) known.delete(known.keys().next().value!);
  return means;
}

/** Counts the calls in the ledger of a run, or of a pattern within it, that were made before a pause. */
export function countBefore(means: RunMeans, calls: readonly CallBefore[]): void {
  for (const allowance of means.allowances ?? []) allowance.countBefore(calls);
}

/** Calls that finished nodes wrote before a pause, by the outermost limit of the run that goes on and by the graph. */
const written = new WeakMap<Allowance, Map<string, Promise<readonly CallBefore[]>>>();

/** Counts the calls of nodes beside this one that ended before a pause; their state is not written yet. */
export async function countBeside(means: RunMeans | undefined, config: LangGraphRunnableConfig): Promise<void> {
  const [outermost] = means?.allowances ?? [];
  const places = outermost && writesBefore(config, "calls");
  if (places === undefined) return;

  const known = written.get(outermost!) ?? new Map<string, Promise<readonly CallBefore[]>>();
  written.set(outermost!, known);
  for (const [place, read] of places) {
    const calls = known.get(place) ?? read().then((values) => values.flatMap(callsIn));
    known.set(place, calls);
    countBefore(means!, await calls);
  }
}

/** Reads the calls of an update; a graph of the user's own may keep anything under this name. */
function callsIn(update: unknown): CallBefore[] {
  const list = Overwrite.isInstance(update) ? update.value : update;
  return Array.isArray(list) ? list.filter((call) => typeof call?.id === "string" && "costUsd" in call) : [];
}

/** Milliseconds left until the deadline, `Infinity` without one; below 0 when it has passed. */
export function timeLeft(means: RunMeans | undefined): number {
  return means?.deadline === undefined ? Infinity : means.deadline.at - performance.now();
}
