import type { Complexity } from "../routing/detect-complexity.js";
import type { RunParameters } from "../state/run-context.js";

/** Settings of a task in a file: what answers it, and the parameters it answers with. */
export interface Task {
  /** The model or graph that answers, where the command line or a request names none. */
  model?: string | undefined;
  /** Read by routes, before they look at the question. */
  complexity?: Complexity | undefined;
  /** For the models that may give the answer. */
  parameters?: { -readonly [Name in keyof RunParameters]: RunParameters[Name] | undefined } | undefined;
  /** As in `parameters`. */
  temperature?: number | undefined;
  /** As in `parameters`. */
  maxTokens?: number | undefined;
  /** For your own code: the answer is JSON. */
  json?: boolean | undefined;
}
