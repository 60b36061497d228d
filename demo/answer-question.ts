import {
  callsOf,
  createCascade,
  createFallback,
  formatReport,
  judgeWith,
  type OrchestrationState,
  type PatternGraph,
} from "langgraph-multimodel";
import { type Environment, findLiveModels, type LiveModels } from "./live-models.js";
import { describeOutcome, describePlan, describeSetup, withoutKeys } from "./live-text.js";
import { printable } from "./terminal-text.js";

/**
 * Answers a question with the models that are available, and says which one did, why, and at what cost.
 *
 * @returns the exit code: 1 where no model is available or none answered
 */
export async function answerQuestion(question: string, environment: Environment): Promise<number> {
  const models = await findLiveModels(environment);
  if (Object.keys(models.small).length === 0) {
    process.stderr.write(describeSetup(models));
    return 1;
  }
  process.stdout.write(`${describePlan(models, process.stdout.columns ?? 80)}\n\n`);
  let shown = "";
  try {
    const state = await stream(liveGraph(models), question, (text) => {
      shown += text;
      process.stdout.write(text);
    });
    process.stdout.write(`\n\n${describeOutcome(state)}\n`);
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const paid = callsOf(error);
    const report = paid.length === 0 ? "" : `\n${formatReport(paid)}\n`;
    process.stderr.write(
      withoutKeys(`${shown === "" ? "" : "\n"}No answer. ${printable(reason)}\n${report}`, environment),
    );
    return 1;
  }
}

/** The small models are each other's fallback; where there is a large one, it judges them and answers in their place. */
function liveGraph({ small, large }: LiveModels): PatternGraph {
  const chain = createFallback({ models: small });
  if (large === undefined) return chain;
  return createCascade({ models: { small: chain }, verify: judgeWith(large), fallback: large });
}

/** Hands the answer on as it comes. */
async function stream(
  graph: PatternGraph,
  question: string,
  show: (text: string) => void,
): Promise<OrchestrationState> {
  let state: OrchestrationState | undefined;
  const parts = await graph
    .compile({ name: "demo" })
    .stream({ messages: question }, { streamMode: ["messages", "custom", "values"] });
  for await (const [mode, part] of parts) {
    if (mode === "values") state = part as OrchestrationState;
    else if (mode === "custom") show(`\n${brokenOff(part)}\n`);
    else if (part[0].type === "ai") show(printable(part[0].text));
  }
  if (state === undefined) throw new Error("The graph gave nothing.");
  return state;
}

/** The library says so when what has been shown will not be the answer. */
function brokenOff(event: unknown): string {
  const { reason } = event as { readonly reason?: string };
  return `[broken off: ${reason ?? "unknown"}]`;
}
