import type { RunnableConfig } from "@langchain/core/runnables";
import { RunSoFar } from "./run-so-far.js";

export interface Checkpointed {
  getState(config: RunnableConfig, options?: { readonly subgraphs: boolean }): Promise<unknown>;
}

/** The used part of LangGraph's `StateSnapshot`. */
interface Snapshot {
  readonly values: unknown;
  readonly tasks: readonly Task[];
  readonly metadata?: { readonly source?: string };
  readonly parentConfig?: RunnableConfig;
}

interface Task {
  readonly name: string;
  readonly state?: RunnableConfig;
}

/** Reads the steps of a turn before its pause; empty without a checkpointer. */
export async function turnSoFar(graph: Partial<Checkpointed>, config: RunnableConfig): Promise<RunSoFar> {
  const run = new RunSoFar();
  const newest = await (graph.getState?.(config) as Promise<Snapshot> | undefined)?.catch(() => undefined);
  if (newest !== undefined) await read(graph as Checkpointed, newest, run, { prefix: "", isPaused: true });
  return run;
}

interface Place {
  readonly prefix: string;
  /** True when it waits; a completed graph has passed its decisions and calls to the outer state. */
  readonly isPaused: boolean;
}

async function read(graph: Checkpointed, newest: Snapshot, run: RunSoFar, { prefix, isPaused }: Place): Promise<void> {
  const turn = [newest];
  while (turn[0]!.metadata?.source !== "input" && turn[0]!.parentConfig !== undefined) {
    turn.unshift((await graph.getState(turn[0]!.parentConfig)) as Snapshot);
  }
  const steps = turn.map(({ tasks }, index) => ({ tasks, after: turn[index + 1]?.metadata?.source }));
  const began = steps.some(({ tasks, after }) => after === "loop" && tasks.some(({ name }) => name !== "__start__"));
  if (isPaused && began) run.record(prefix, newest.values);
  for (const { tasks, after } of steps) {
    for (const { name, state } of tasks) {
      if (state?.configurable !== undefined) {
        const inside = { prefix: `${prefix}${name}:`, isPaused: isPaused && after === undefined };
        await read(graph, (await graph.getState(state)) as Snapshot, run, inside);
      }
      if (after === "loop" && (prefix === "" || name !== "__start__")) run.visited.push(prefix + name);
    }
  }
}
