import { CompiledStateGraph, isCommand, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { checkContext } from "../state/check-context.js";
import { ambientConfig } from "./ambient-config.js";
import { isWithinRun } from "./private-keys.js";
import { configuredLimit } from "./step-limit.js";

/** What LangChain and LangGraph fill in where nothing was said: in batches, sequences, event streams. */
const unsaid = 25;

type Compiled = CompiledStateGraph<unknown, unknown>;
type StreamInput = Parameters<Compiled["stream"]>[0];
/** What a compiled graph is made of, and the most steps a run takes. */
export type PatternFields = ConstructorParameters<typeof CompiledStateGraph<unknown, unknown>>[0] & {
  readonly depth: number;
};

/**
 * A compiled pattern. Its own options bound it, so it needs no `recursionLimit`; one that its caller sets is kept by its nodes, which
 * end the run with the best answer so far. LangGraph's limit, at which a run ends in an error and its work is lost, is set beyond
 * both.
 */
export class CompiledPattern extends CompiledStateGraph<unknown, unknown> {
  readonly depth: number;

  constructor({ depth, ...fields }: PatternFields) {
    super(fields);
    this.depth = depth;
  }

  // of any mode: the type of what is streamed is that of the method it takes the place of
  override stream(input: StreamInput, options?: Parameters<Compiled["stream"]>[1]): Promise<never> {
    const given = options as LangGraphRunnableConfig | undefined;
    try {
      checkContext(given?.context); // LangGraph's own error would name no option
    } catch (error) {
      return Promise.reject(error);
    }
    const limit = limitOf(given) ?? limitOf(this.config);
    const isResumed = input === null || isCommand(input);
    const bounded = {
      ...given,
      recursionLimit: Math.max(0, Number(limit ?? 0) || 0) + this.depth + unsaid, // with room for nodes that were added to the pattern
      configurable: { ...given?.configurable, ...configuredLimit(limit, isResumed) },
    };
    return super.stream(input, bounded as typeof options) as Promise<unknown> as Promise<never>;
  }
}

/** The limit a caller set for this graph: not the default, and not that of a graph around it. */
function limitOf({ recursionLimit: limit, configurable }: LangGraphRunnableConfig = {}): number | undefined {
  if (limit === undefined || limit === unsaid) return undefined;
  const around = ambientConfig();
  return isWithinRun(configurable ?? around?.configurable) && (around === undefined || around.recursionLimit === limit)
    ? undefined
    : limit;
}
