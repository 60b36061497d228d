import { drawSteps } from "../drawing/draw-steps.js";
import type { Step } from "../drawing/step.js";
import { MissingPackageError } from "../errors/index.js";
import { runReport, type StepsPicture } from "../report/index.js";
import { classifyError } from "../resilience/classify-error.js";
import type { Compiled, Outcome } from "./answer.js";
import { explain } from "./report-error.js";
import { note } from "./show-answer.js";

/** Steps of a picture; each draws the whole graph again. */
const mostSteps = 40;

/** Writes the page of one answer, or of the run that gave none. */
export async function chatReport(graph: Compiled, outcome: Outcome): Promise<string> {
  const { state, messages, modelUsed, decisions, calls, error, steps = [] } = outcome;
  const failures =
    error === undefined
      ? state.failures
      : [{ name: "run", class: classifyError(error).class, message: explain(error) }];
  const picture = await drawn(graph, steps);
  return runReport(
    { ...state, messages, modelUsed, decisions, calls, failures },
    picture === undefined ? {} : { steps: picture },
  );
}

async function drawn(graph: Compiled, steps: readonly Step[]): Promise<StepsPicture | undefined> {
  if (steps.length === 0 || steps.length > mostSteps) return undefined;
  try {
    const [light, dark] = [
      await drawSteps(graph, steps, { animate: true }),
      await drawSteps(graph, steps, { animate: true, theme: "dark" }),
    ];
    return { light, dark };
  } catch (error) {
    if (!MissingPackageError.isInstance(error)) throw error;
    note(`The report has no picture of the steps: ${error.message}`);
    return undefined;
  }
}
