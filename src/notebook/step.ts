import type { RunnableConfig } from "@langchain/core/runnables";
import { type Command, END, START } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors.js";
import type { Decision } from "../state/decision.js";
import type { ModelCall } from "../state/ledger.js";
import type { RunContext } from "../state/limits.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** What one node of a run did. */
export interface Step {
  /** Id of the node as drawings have it: of a nested one `outer:inner`. */
  readonly node: string;
  /** What it wrote. */
  readonly update: Partial<OrchestrationState>;
  /** Every node so far, in the order they ended: what `drawGraph` colours in. */
  readonly visited: readonly string[];
  /** Everything decided so far. */
  readonly decisions: readonly Decision[];
  /** The ledger so far. */
  readonly calls: readonly ModelCall[];
  /** What the run waits for, when it was paused. */
  readonly interrupts?: readonly unknown[];
}

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
 * aborts what has begun meanwhile.
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
  const visited: string[] = [START];
  const decisions: Decision[] = [];
  const calls: ModelCall[] = [];
  const stream = await compiled.stream(input as never, { ...config, streamMode: "updates", subgraphs: true } as never);
  for await (const [namespace, updates] of stream as AsyncIterable<Chunk>) {
    const prefix = namespace.map((place) => `${place.split(":")[0]}:`).join("");
    for (const [name, written] of Object.entries(updates)) {
      if (name === "__interrupt__") {
        yield { node: name, update: {}, ...snapshot(), interrupts: written as readonly unknown[] };
        continue;
      }
      const update = (written ?? {}) as Partial<OrchestrationState>;
      visited.push(prefix + name);
      for (const decision of update.decisions ?? []) if (!decisions.some(same(decision))) decisions.push(decision);
      for (const call of update.calls ?? []) if (!calls.some(({ id }) => id === call.id)) calls.push(call);
      if (prefix === "" && update.messages !== undefined) visited.push(END); // an answered run ends there
      yield { node: prefix + name, update, ...snapshot() };
    }
  }

  function snapshot() {
    return { visited: [...visited], decisions: [...decisions], calls: [...calls] };
  }
}

function same(one: Decision): (other: Decision) => boolean {
  const text = JSON.stringify(one);
  return (other) => JSON.stringify(other) === text;
}
