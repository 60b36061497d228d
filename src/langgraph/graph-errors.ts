import { isGraphBubbleUp, isInvalidResume } from "@langchain/langgraph";

/**
 * LangGraph's errors about how a graph is built or run. Two of its errors are missing: a remote graph that fails and a node
 * that is too slow fail as calls do.
 */
const misuse: ReadonlySet<unknown> = new Set([
  ...["GraphRecursionError", "GraphValueError", "InvalidUpdateError", "EmptyInputError", "EmptyChannelError"],
  ...["UnknownInterruptError", "UnreachableNodeError", "MultipleSubgraphError", "StateGraphInputError"],
]);

/** The same, where LangGraph and its savers throw a plain `Error`. */
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

/** Reads the code LangChain gives an error beside its name and message; `code` is free for those of clients. */
export function errorCode(error: object): unknown {
  return (error as { readonly [codeKey]?: unknown })[codeKey];
}

/** True for the error with which a run that would pause ends, where it has no checkpointer: it has no class of its own. */
export function lacksCheckpointer(error: unknown): boolean {
  return errorCode(Object(error)) === "MISSING_CHECKPOINTER";
}

/** Errors behind one another, or beside one another in a step, that are looked at. */
const most = 50;

/**
 * Tells what belongs to the graph from what is a failure of a model: an interrupt, a command or a drain, which pause or move a
 * run, and LangGraph's own errors of misuse (no checkpointer, recursion limit, concurrent or invalid update, …). It is passed
 * on as it is: never retried, never fallen back from, and no judge that is down.
 *
 * Errors of misuse are found by name, since copies of LangGraph have classes of their own, and behind whatever wraps them.
 */
export function belongsToGraph(error: unknown): boolean {
  try {
    return isObject(error) && (isGraphBubbleUp(error) || isInvalidResume(error) || isMisuse(error));
  } catch {
    return false; // it cannot even be read: a getter that throws
  }
}

function isMisuse(thrown: object): boolean {
  return errorsIn(thrown).some((error) => {
    const { name, message } = error as Partial<Error>;
    return (misuse.has(name) && codeKey in error) || (typeof message === "string" && plainMisuse.test(message));
  });
}

/** An error, what caused it, and what is in it where it stands for several. */
export function errorsIn(thrown: unknown): readonly object[] {
  const seen = new Set<unknown>([thrown]);
  for (const error of seen) {
    const { cause, errors } = (isObject(error) ? error : {}) as Partial<AggregateError>;
    for (const each of [cause, ...(Array.isArray(errors) ? errors : [])]) if (seen.size < most) seen.add(each);
  }
  return [...seen].filter(isObject);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
