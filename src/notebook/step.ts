import type { RunnableConfig } from "@langchain/core/runnables";
import { type Command, END, INTERRUPT, isCommand, START } from "@langchain/langgraph";
import type { Step } from "../drawing/step.js";
import { InvalidOptionError } from "../errors/index.js";
import { splitUpdates } from "../langgraph/private-keys.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { RunContext } from "../state/run-context.js";
import { RunSoFar } from "./run-so-far.js";
import { type Checkpointed, turnSoFar } from "./turn-so-far.js";

export type { Step } from "../drawing/step.js";

/** A pattern, compiled or not. Structural, because the full type costs a notebook's compiler seconds. */
export interface Steppable {
  compile?(): unknown;
  stream?(input: never, options: never): Promise<AsyncIterable<unknown>>;
}

type Chunk = readonly [readonly string[], Record<string, Partial<OrchestrationState> | readonly unknown[]>];

/**
 * Runs a graph and yields one typed step per completed node, nested ones included.
 *
 * **When to use** - to follow a run in a notebook: draw each step, print its decisions, show the ledger.
 * **Gotchas** - parallel lanes are yielded in order of completion. The run does not wait for the loop; leaving the loop aborts it.
 * A resumed run includes the earlier steps of the turn from its checkpointer, but `visited` lacks nodes whose output was written by
 * hand.
 *
 * @param input `{ messages }`, a `Command` that resumes an interrupted run, or `null` to continue from a checkpoint
 * @example
 * ```ts
 * import { step } from "langgraph-multimodel/notebook";
 * for await (const { node, decisions } of step(createFallback({ models: { small, large } }), { messages: "Hi" })) {
 *   console.log(node, decisions.length);
 * }
 * ```
 */
export async function* step(
  graph: Steppable,
  input: { readonly messages: unknown } | Command | null,
  config: RunnableConfig & { readonly context?: Partial<RunContext> } = {},
): AsyncGenerator<Step> {
  const compiled = typeof graph?.compile === "function" ? (graph.compile() as Steppable) : graph;
  if (typeof compiled?.stream !== "function")
    throw new InvalidOptionError("step.graph", graph, "give a graph of this package");
  const resumes = input === null || isCommand(input);
  const run = resumes ? await turnSoFar(compiled as Partial<Checkpointed>, config) : new RunSoFar();
  if (!resumes) run.visited.push(START);
  let earlier: Step["earlier"];
  const stream = await compiled.stream(input as never, { ...config, streamMode: "updates", subgraphs: true } as never);
  for await (const [namespace, updates] of stream as AsyncIterable<Chunk>) {
    const { nodes, ranBefore: stored } = splitUpdates(updates);
    const ranBefore = resumes && stored; // a lane that completed before the pause
    if (resumes && !ranBefore) earlier ??= { calls: run.ledger.calls.length, decisions: run.ledger.decisions.length };
    for (const done of stepsOf(run, namespace, nodes)) {
      if (!ranBefore || done.interrupts !== undefined) yield { ...done, ...(earlier && { earlier }) };
    }
  }
}

/** Records the updates of one chunk of a stream, and yields a step for each node. */
export function* stepsOf(run: RunSoFar, namespace: readonly string[], nodes: Chunk[1]): Generator<Step> {
  const prefix = namespace.map((place) => `${place.split(":")[0]}:`).join("");
  for (const [name, written] of Object.entries(nodes)) {
    if (name === INTERRUPT) {
      yield { node: name, update: {}, ...snapshot(run), interrupts: written as readonly unknown[] };
      continue;
    }
    const update = (written ?? {}) as Partial<OrchestrationState>;
    run.ended(prefix, name, update);
    if (prefix === "" && update.messages !== undefined) run.visited.push(END);
    yield { node: prefix + name, update, ...snapshot(run) };
  }
}

function snapshot({ visited, ledger: { decisions, calls } }: RunSoFar) {
  return { visited: [...visited], decisions: [...decisions], calls: [...calls] };
}
