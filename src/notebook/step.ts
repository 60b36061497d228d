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

/** What `step` runs: a pattern, compiled or not. Only what is used of it: the full type costs a notebook's compiler seconds. */
export interface Steppable {
  compile?(): unknown;
  stream?(input: never, options: never): Promise<AsyncIterable<unknown>>;
}

type Chunk = readonly [readonly string[], Record<string, Partial<OrchestrationState> | readonly unknown[]>];

/**
 * Runs a graph and gives one typed step for each node that ended, nested ones included.
 *
 * **When to use** - to walk through a run in a notebook: draw each step, print what was decided, show the ledger.
 * **Gotchas** - lanes that run at the same time come in the order they end. The run does not wait for the loop: leaving it
 * aborts what has begun meanwhile. A resumed run knows what its checkpointer kept of the turn; a node a person wrote in the name of
 * is not among `visited`.
 *
 * @param input `{ messages }`, a `Command` that resumes an interrupted run, or `null` to go on from a checkpoint
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
  const stream = await compiled.stream(input as never, { ...config, streamMode: "updates", subgraphs: true } as never);
  for await (const [namespace, updates] of stream as AsyncIterable<Chunk>) {
    const prefix = namespace.map((place) => `${place.split(":")[0]}:`).join("");
    const { nodes, ranBefore } = splitUpdates(updates);
    for (const [name, written] of Object.entries(nodes)) {
      if (name === INTERRUPT) {
        yield { node: name, update: {}, ...snapshot(run), interrupts: written as readonly unknown[] };
        continue;
      }
      const update = (written ?? {}) as Partial<OrchestrationState>;
      run.ended(prefix, name, update);
      if (prefix === "" && update.messages !== undefined) run.visited.push(END); // an answered run ends there
      if (!resumes || !ranBefore) yield { node: prefix + name, update, ...snapshot(run) };
    }
  }
}

function snapshot({ visited, ledger: { decisions, calls } }: RunSoFar) {
  return { visited: [...visited], decisions: [...decisions], calls: [...calls] };
}
