import { isGraphBubbleUp, isInvalidResume } from "@langchain/langgraph";

/**
 * Names of LangGraph's errors about how a graph is built or run. A failed remote graph and a node timeout are missing: they count as
 * failed calls.
 */
const misuse: ReadonlySet<unknown> = new Set([
  ...["GraphRecursionError", "GraphValueError", "InvalidUpdateError", "EmptyInputError", "EmptyChannelError"],
  ...["UnknownInterruptError", "UnreachableNodeError", "MultipleSubgraphError", "StateGraphInputError"],
]);

/** Messages of such errors that LangGraph and its savers throw as a plain `Error`. */
const plainMisuse = new RegExp(
  `^(?:${[
    "Called interrupt\\(\\) outside the context of a graph",
    "Cannot use Command\\(resume=",
    "checkpointer: true cannot be used",
    "Checkpointer requires one or more of",
    "Failed to (?:put|get) .{1,40}\\. The passed RunnableConfig is missing",
    'Passed "recursionLimit" must be',
    "Branch condition returned unknown or null destination",
  ].join("|")})`,
);

const codeKey = "lc_error_code";

/** Returns LangChain's error code, which differs from `code`, the error code of a client. */
export function errorCode(error: object): unknown {
  return (error as { readonly [codeKey]?: unknown })[codeKey];
}

/** True for the error of an interrupt without a checkpointer, which has no class. */
export function lacksCheckpointer(error: unknown): boolean {
  return errorCode(Object(error)) === "MISSING_CHECKPOINTER";
}

const maxErrors = 50;

/**
 * True for an error of the graph and not of a model: an interrupt, command or drain, or an error of misuse (no checkpointer, recursion
 * limit, invalid update, …). Such an error is rethrown unchanged, without a retry or fallback.
 *
 * Errors of misuse are found by name, because each copy of LangGraph has its own classes, and also inside errors that wrap them.
 */
export function belongsToGraph(error: unknown): boolean {
  try {
    return isObject(error) && (isGraphBubbleUp(error) || isInvalidResume(error) || isMisuse(error));
  } catch {
    return false; // a getter threw
  }
}

function isMisuse(thrown: object): boolean {
  return errorsIn(thrown).some((error) => {
    const { name, message } = error as Partial<Error>;
    return (misuse.has(name) && codeKey in error) || (typeof message === "string" && plainMisuse.test(message));
  });
}

/** Lists an error with its causes and, for an AggregateError, its parts. */
export function errorsIn(thrown: unknown): readonly object[] {
  const seen = new Set<unknown>([thrown]);
  for (const error of seen) {
    const { cause, errors } = (isObject(error) ? error : {}) as Partial<AggregateError>;
    for (const each of [cause, ...(Array.isArray(errors) ? errors : [])]) if (seen.size < maxErrors) seen.add(each);
  }
  return [...seen].filter(isObject);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
