import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { Drawable } from "../../drawing/draw-graph.js";
import { drawSteps } from "../../drawing/draw-steps.js";
import type { Step } from "../../drawing/step.js";
import { runReport } from "../../report/run-report.js";
import type { Served } from "../catalogue.js";
import type { KeptRun } from "../watch/recent-runs.js";
import { isPageRun } from "./ask.js";
import { failedStep } from "./failed-step.js";
import { statusWords, titleOf } from "./run-facts.js";

/** Most steps of the animated picture. */
const mostSteps = 40;

/** Writes the report of a kept run; of a run of the page with the picture of its steps. */
export async function reportOf(run: KeptRun, served: Served | undefined): Promise<string> {
  const { question, answer, status, failure, model, modelUsed, lines, dropped } = run;
  const calls = lines.flatMap(({ call }) => call ?? []);
  const decisions = lines.flatMap(({ decision }) => decision ?? []);
  const remarks = [
    ...(status === "ok" ? [] : [statusWords[status]]),
    ...(dropped > 0 ? [`without ${dropped} later calls and decisions, which were not kept`] : []),
  ];
  const title = titleOf(run).slice(0, 100);
  const steps = served && (await stepsOf(run, served, { calls, decisions }));
  const messages = [
    ...(question === "" ? [] : [new HumanMessage(question)]),
    ...(answer === "" ? [] : [new AIMessage(answer)]),
  ];
  const failures = failure && [{ name: model, class: failure.code, message: failure.message, status: failure.status }];
  return runReport(
    { calls, decisions, messages, ...(modelUsed !== undefined && { modelUsed }), ...(failures && { failures }) },
    {
      title: remarks.length === 0 ? title : `${title} (${remarks.join("; ")})`,
      ...(steps && { steps }),
    },
  );
}

/** Draws the steps in both themes; `undefined` for a run without steps, or where `@viz-js/viz` is missing. */
async function stepsOf(
  run: KeptRun,
  { graph }: Served,
  lines: Pick<Step, "calls" | "decisions">,
): Promise<{ readonly light: string; readonly dark: string } | undefined> {
  const { steps, visited } = run;
  const { calls, decisions } = lines;
  const done = steps.slice(0, mostSteps).map(
    (step): Step => ({
      ...{ node: step.node, update: {}, visited: visited.slice(0, step.visited) },
      ...{ calls: calls.slice(0, step.calls), decisions: decisions.slice(0, step.decisions) },
    }),
  );
  const failed = isPageRun(run) && steps.length < mostSteps && (await failedStep(run, graph as Drawable, lines));
  if (failed) done.push(failed);
  if (done.length === 0) return undefined;

  const draw = (theme: "light" | "dark") => drawSteps(graph as Drawable, done, { animate: true, theme });
  return Promise.all([draw("light"), draw("dark")]).then(
    ([light, dark]) => ({ light, dark }),
    () => undefined,
  );
}
