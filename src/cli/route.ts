import { type ExplainedStep, type Explanation, explain } from "../index.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { openConfig } from "./open-config.js";
import { explain as errorText } from "./report-error.js";
import { openTarget, type TargetOptions } from "./target.js";
import { dollars } from "./terminal/paid.js";
import { emptyCell, tableLines } from "./terminal/table.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";

export interface RouteOptions extends TargetOptions {
  readonly config?: string;
  readonly classify?: boolean;
  readonly json?: boolean;
}

/** Runs `multimodel route`: prints where a question would go, without asking it. */
export async function route(question: string, options: RouteOptions): Promise<ExitCode> {
  const { classify = false, json = false, task } = options;
  const { name, graph, close } = await openTarget(await openConfig(options.config), options, { called: false });
  try {
    const explanation = await explain(graph, question, { classify, ...(task !== undefined && { context: { task } }) });
    process.stdout.write(`${withoutKeys(json ? asJson(name, explanation) : asTable(name, explanation))}\n`);
  } finally {
    await close();
  }
  return exitCode.done;
}

function asJson(target: string, { error, ...explanation }: Explanation): string {
  const said = { target, ...explanation, ...(error && { error: { name: error.name, message: errorText(error) } }) };
  return JSON.stringify(said, null, 2);
}

function asTable(target: string, { route: chosen, order, cost, error }: Explanation): string {
  const { stdout } = process;
  const columns = columnsOf(stdout);
  const [head, ...rows] = tableLines(
    {
      head: ["call", "model", "when", "why"],
      rows: order.map((step) =>
        [step.name, step.model ?? emptyCell, when(step), step.reason ?? emptyCell].map(printable),
      ),
    },
    columns,
  );
  const ends = [
    `${target}${chosen === undefined ? "" : ` → ${chosen}`}: ${price(cost.expected)} expected, ${price(cost.worst)} at worst`,
    ...(error === undefined ? [] : [`A run would end without an answer: ${errorText(error)}`]),
  ];
  return [paint(stdout, "bold", head!), ...rows, ...ends.map((line) => fill(line, columns))].join("\n");
}

function when({ skipped, otherwise, share }: ExplainedStep): string {
  if (skipped) return "never";
  if (otherwise) return "if needed";
  return share === undefined ? "yes" : `${Number((share * 100).toFixed(1))} %`;
}

const price = (usd: number | null) => (usd === null ? "cost unknown" : dollars(usd));
