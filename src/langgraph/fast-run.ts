import {
  Command,
  GraphDrained,
  GraphInterrupt,
  GraphRecursionError,
  InvalidUpdateError,
  isGraphBubbleUp,
  isGraphDrained,
  isGraphInterrupt,
  isParentCommand,
  type LangGraphRunnableConfig,
  type Send,
} from "@langchain/langgraph";
import { onAbort } from "../resilience/deadline.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { applyWrites, type Channels, valuesOf, withWrites } from "./fast-channels.js";
import type { FastPlan } from "./fast-plan.js";
import { type FastConfig, type FastRun, type FastTask, placeOf, taskConfig, withUntracedConfig } from "./fast-task.js";
import { shareSignal } from "./own-signal.js";
import { isWithinRun, signalAround } from "./private-keys.js";

/** Failures and pauses of a step. */
interface Ended {
  readonly errors: unknown[];
  pause: unknown;
}

const start = "__start__";
const interrupted = "__interrupt__";

/** Checks of a compiled graph before a run. */
interface Checking {
  _validateInput(input: unknown): Promise<unknown>;
  _validateContext(context: unknown): Promise<unknown>;
}

/** Runs a plan for a configuration without observers. An abort of the run, or of the run around, ends it at once. */
export async function runUnobserved(
  plan: FastPlan,
  graph: object,
  given: unknown,
  config: LangGraphRunnableConfig,
): Promise<unknown> {
  const checking = graph as Checking;
  const input = (await checking._validateInput(given)) as Readonly<Record<string, unknown>>;
  const { context, configurable } = config;
  const checked =
    context === undefined
      ? { configurable: (await checking._validateContext(configurable)) as typeof configurable }
      : { context: (await checking._validateContext(context)) as typeof context };
  const controller = new AbortController();
  const sources = [config.signal, signalAround(configurable)].filter((each) => each !== undefined);
  const unlisten = [...new Set(sources)].map((source) => {
    if (source.aborted) controller.abort(source.reason);
    return onAbort(source, () => controller.abort(source.reason));
  });
  try {
    return await fastRun(plan, input, { ...config, ...checked, signal: controller.signal }, isWithinRun(configurable));
  } finally {
    for (const undo of unlisten) undo();
  }
}

/**
 * Runs a plan in the steps of LangGraph's loop: the tasks of a step see one state, all their writes are applied at its end, and edges
 * and branches then choose the tasks of the next step.
 *
 * @param config complete configuration; its signal ends the run at once
 * @param isNested true below a node of another graph, to which pauses and commands are thrown
 */
async function fastRun(
  plan: FastPlan,
  input: Readonly<Record<string, unknown>>,
  config: FastConfig,
  isNested: boolean,
): Promise<unknown> {
  const channels: Channels = new Map(
    [...plan.channels].map(([key, channel]) => [key, channel.fromCheckpoint(undefined as never)]),
  );
  const run: FastRun = { config, channels, checkpointId: crypto.randomUUID() };
  const limit = Number(config.recursionLimit);
  const writes = Object.entries(input).filter(([key]) => plan.inputKeys.has(key));
  let tasks: readonly FastTask[] = [{ name: start, id: start, input, writes, followers: [] }];
  for (let step = 0; ; ) {
    const { errors, pause } = await runStep(plan, run, tasks, step);
    if (errors.length > 1) throw severalErrors(errors, step);
    if (errors.length === 1) throw errors[0];
    if (pause !== undefined) return paused(plan, run, tasks, pause, isNested);
    if (tasks.length > 1) applyWrites(channels, tasks); // that of a single task is applied before its branches read the state
    step++;
    if (step > limit) throw outOfSteps(limit);
    tasks = nextTasks(plan, channels, tasks);
    if (tasks.length === 0) return valuesOf(channels, plan.outputKeys);
    if (config.control?.drainRequested === true) throw new GraphDrained(config.control.drainReason ?? "shutdown");
  }
}

/** Runs the tasks of a step beside each other. The first that fails aborts the others, and all are waited for. */
async function runStep(plan: FastPlan, run: FastRun, tasks: readonly FastTask[], step: number): Promise<Ended> {
  const { signal: outer } = run.config;
  const own = tasks.length > 1 ? new AbortController() : undefined;
  const unlisten = own && onAbort(outer, () => own.abort(outer.reason));
  shareSignal(own?.signal);
  const signal = own?.signal ?? outer;
  const ended: Ended = { errors: [], pause: undefined };
  const ends = tasks.map(async (task) => {
    try {
      if (task.name !== start) await runTask(plan, run, task, step, signal);
      if (tasks.length === 1) applyWrites(run.channels, tasks);
      choose(plan, run, task, tasks.length > 1);
    } catch (thrown) {
      const isLate = signal.aborted;
      if (thrown !== signal.reason) (thrown as { pregelTaskId?: string }).pregelTaskId = task.id;
      if (isGraphInterrupt(thrown)) ended.pause = joined(ended.pause, thrown);
      else if (isGraphBubbleUp(thrown)) ended.pause ??= thrown;
      else if (ended.errors.length === 0 || !isLate) {
        ended.errors.push(thrown);
        queueMicrotask(() => queueMicrotask(() => own?.abort())); // after those that fail at the same moment
      }
    }
  });
  try {
    await raced(outer, Promise.all(ends));
  } finally {
    unlisten?.();
  }
  return ended;
}

async function runTask(plan: FastPlan, run: FastRun, task: FastTask, step: number, signal: AbortSignal): Promise<void> {
  const config = taskConfig(run, task, step, signal);
  const node = plan.nodes.get(task.name)!;
  try {
    const work = withUntracedConfig(config, () => node.run(task.input as OrchestrationState, config));
    const update = await (signal === run.config.signal ? work : raced(signal, work));
    task.writes.push(...Object.entries(update).filter(([key]) => plan.channels.has(key)));
  } catch (thrown) {
    if (!isParentCommand(thrown)) throw thrown;
    const { command } = thrown;
    const place = placeOf(run, task);
    if (command.graph !== place) {
      if (command.graph === Command.PARENT) thrown.command = new Command({ ...command, graph: around(place) } as never);
      throw thrown;
    }
    task.writes.push(...command._updateAsTuples().filter(([key]) => plan.channels.has(key)));
    task.followers.push(...([command.goto ?? []].flat() as (string | Send)[]));
  }
}

/** Returns the namespace of the graph around a namespace, without the numbers of graphs that run beside each other. */
function around(namespace: string): string {
  const parts = namespace.split("|");
  while (parts.length > 1 && /^\d+$/.test(parts.at(-1)!)) parts.pop();
  return parts.slice(0, -1).join("|");
}

/** Notes the nodes that edges and branches choose after a task. Branches read the state with what this task has written. */
function choose(plan: FastPlan, { channels }: FastRun, { name, writes, followers }: FastTask, isBeside: boolean): void {
  followers.push(...(plan.edges.get(name) ?? []));
  for (const { path, ends } of plan.branches.get(name) ?? []) {
    const state = valuesOf(isBeside ? withWrites(channels, writes) : channels, plan.branchKeys);
    const chosen = [path.choose(state as OrchestrationState)].flat();
    for (const each of chosen) {
      const target = typeof each !== "string" || ends === undefined ? each : ends[each];
      if (target === undefined) throw new Error("Branch condition returned unknown or null destination");
      if (typeof target !== "string" && !plan.nodes.has(target.node))
        throw new InvalidUpdateError(`Invalid node name "${target.node}" in Send packet`);
      followers.push(target);
    }
  }
}

/** Makes the tasks of the next step: those that were sent in their order, then nodes by their names. */
function nextTasks(plan: FastPlan, channels: Channels, tasks: readonly FastTask[]): FastTask[] {
  const followers = tasks.flatMap((task) => task.followers);
  const taskOf = (name: string, input: unknown, sent?: number): FastTask => ({
    ...{ name, input, id: crypto.randomUUID(), writes: [], followers: [] },
    ...(sent !== undefined && { sent }),
  });
  const sends = followers.filter((each) => typeof each !== "string");
  const names = new Set(followers.filter((each) => typeof each === "string" && plan.nodes.has(each)) as string[]);
  const pulled = [...names].sort();
  return [
    ...pulled.map((name) => taskOf(name, valuesOf(channels, plan.stateKeys))),
    ...sends.map(({ node, args }, index) => taskOf(node, args, index)),
  ];
}

/** Ends a run that a node has paused: throws to the graph around, or returns what there is with the interrupts. */
function paused(plan: FastPlan, { channels }: FastRun, tasks: readonly FastTask[], pause: unknown, isNested: boolean) {
  if (isNested || isGraphDrained(pause)) throw pause;
  if (!isGraphInterrupt(pause)) return valuesOf(channels, plan.outputKeys); // a command for an outer graph, and this is the outermost
  if (tasks.length > 1) applyWrites(channels, tasks);
  return { ...valuesOf(channels, plan.outputKeys), [interrupted]: pause.interrupts };
}

function joined(before: unknown, pause: GraphInterrupt): GraphInterrupt {
  return isGraphInterrupt(before) ? new GraphInterrupt([...before.interrupts, ...pause.interrupts]) : pause;
}

/** Waits for work until the signal fires, and then throws its reason as it is, as the loop does. */
async function raced<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let unlisten = () => {};
  const aborted = new Promise<never>((_, reject) => {
    unlisten = onAbort(signal, () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    unlisten();
  }
}

function severalErrors(errors: readonly unknown[], step: number): AggregateError {
  const more = 'See the "errors" field of this exception for more details.';
  return new AggregateError(errors, `Multiple errors occurred during superstep ${step}. ${more}`);
}

function outOfSteps(limit: number): GraphRecursionError {
  const help = 'You can increase the limit by setting the "recursionLimit" config key.';
  return new GraphRecursionError(`Recursion limit of ${limit} reached without hitting a stop condition. ${help}`, {
    lc_error_code: "GRAPH_RECURSION_LIMIT",
  });
}
