// How the notebooks show a run: the graph after each step, and the ledger.
import type { OrchestrationState, RunContext } from "langgraph-multimodel";
import { drawSteps, ledgerTable, type Step, type Steppable, step } from "langgraph-multimodel/notebook";
import { display } from "tslab";

/** Runs a graph step by step and draws it after each of them: orange ran last, blue before, dashed arrows are forks. */
export async function watch(
  graph: Steppable,
  question: string,
  context: RunContext = {},
): Promise<Step & { readonly answer: string; readonly modelUsed: string | undefined }> {
  const steps: Step[] = [];
  for await (const done of step(graph, { messages: question }, { context })) steps.push(done);
  display.svg(await drawSteps(graph, steps));
  const last = steps[steps.length - 1]!;
  return { ...last, answer: last.update.messages?.at(-1)?.text ?? "", modelUsed: last.update.modelUsed };
}

/** The ledger as a table, the call that gave the answer marked; without the milliseconds, which differ from run to run. */
export function showLedger({
  calls,
  modelUsed,
}: {
  readonly calls: Step["calls"];
  readonly modelUsed?: string | undefined;
}): void {
  display.html(ledgerTable({ calls, modelUsed }, { latency: false }));
}

/** A compiled graph, as far as it is used here: its full type would take the compiler a second in each cell. */
interface Compiled {
  invoke(input: { messages: string }, options: { context: RunContext }): Promise<OrchestrationState>;
}

/** Asks a graph once, with settings of the run. */
export async function ask(graph: Steppable, question: string, context: RunContext = {}): Promise<OrchestrationState> {
  return (graph.compile!() as Compiled).invoke({ messages: question }, { context });
}
