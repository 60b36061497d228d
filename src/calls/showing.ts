import type { RunContext } from "../state/run-context.js";

/** What readers of a stream see of an answer: nothing, a draft that may be discarded, or the answer of the run if it completes. */
export type Showing = "hidden" | "draft" | "answer";

/** Run of a pattern, with what readers see of its answer. */
interface ShownRun {
  readonly showing: Showing;
  readonly config: { readonly context?: unknown };
}

/** Fields of a call that decide what readers see of it; `AskOptions` describes them. */
interface CallPurpose {
  readonly hidden?: boolean;
  readonly draft?: boolean;
}

/** Returns what readers see of a call; a draft is shown in a live run only. */
export function showingOf(run: ShownRun, { hidden = true, draft = false }: CallPurpose): Showing {
  if (!hidden || run.showing === "hidden") return run.showing;
  return draft && isLive(run) ? "draft" : "hidden";
}

/** True if the drafts of this run are shown. */
export function showsDrafts(run: ShownRun): boolean {
  return run.showing !== "hidden" && isLive(run);
}

function isLive({ config }: ShownRun): boolean {
  return (config.context as RunContext | undefined)?.stream === "live";
}
