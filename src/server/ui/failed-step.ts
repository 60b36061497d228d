import { START } from "@langchain/langgraph";
import { type Drawable, drawingOf } from "../../drawing/draw-graph.js";
import type { Step } from "../../drawing/step.js";
import type { KeptRun } from "../watch/recent-runs.js";

/**
 * Makes the step of the node that a run failed in, which ended without an update: that of the last call after the last step. `undefined`
 * where no call tells it.
 */
export async function failedStep(
  { status, dropped, steps, visited }: KeptRun,
  graph: Drawable,
  { calls, decisions }: Pick<Step, "calls" | "decisions">,
): Promise<Step | undefined> {
  const last = calls.slice(steps.at(-1)?.calls ?? 0).at(-1);
  if (status !== "error" || dropped > 0 || last === undefined) return undefined;

  const ids = Object.keys((await drawingOf(graph, "createApp.ui", true)).nodes);
  const names = last.path.split("/");
  const prefixes = names.map((_, index) => names.slice(0, names.length - index).join(":"));
  const node = prefixes.find((prefix) => ids.includes(prefix));
  const before = visited.length === 0 ? [START] : visited;
  return node === undefined
    ? undefined
    : { ...{ node, failed: true, update: {}, calls, decisions }, visited: [...before, node] };
}
