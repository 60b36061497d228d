import type { BindToolsInput, ToolChoice } from "@langchain/core/language_models/chat_models";
import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { InvalidModelError } from "../errors/index.js";
import { isBinding } from "./client.js";
import type { Capability } from "./model.js";

/** What the caller of a run asks of its answers, in the call options of chat models: tools, their choice, stop words, … */
export interface AnswerOptions {
  readonly tools?: readonly BindToolsInput[];
  readonly tool_choice?: ToolChoice;
  readonly strict?: boolean;
  /** A model that has no tools is asked all the same. @default false */
  readonly textWillDo?: boolean;
  readonly [option: string]: unknown;
}

/** What a call carries that is no option of a chat model: agents hand their node's whole configuration on. */
const runKeys: ReadonlySet<string> = new Set([
  ...[
    "callbacks",
    "tags",
    "metadata",
    "runName",
    "runId",
    "runType",
    "configurable",
    "recursionLimit",
    "maxConcurrency",
  ],
  ...["timeout", "signal", "context", "store", "writer", "cache", "interrupt", "interruptBefore", "interruptAfter"],
  ...["streamMode", "subgraphs", "inputKeys", "outputKeys", "debug", "encoding", "version", "checkpointDuring"],
  ...["durability", "heartbeat", "executionInfo", "serverInfo", "control", "previous", "state", "promptIndex"],
  "outputVersion", // the form of the message the caller gets, not of those it is made from
]);

/** The options of a chat model among what it was called with. */
export function answerOptionsOf(options: object): AnswerOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && !key.startsWith("__") && !runKeys.has(key)),
  );
}

/** True where an answer without a tool call is none. */
export function forcesTool({ tool_choice: choice }: AnswerOptions): boolean {
  return choice !== undefined && choice !== "auto" && choice !== "none";
}

/** The tool whose call is the answer itself: the form `withStructuredOutput` asked for. */
export function formOf(options: AnswerOptions | undefined): string | undefined {
  const format = options?.ls_structured_output_format as { schema?: { title?: unknown } } | undefined;
  const title = format?.schema?.title;
  return typeof title === "string" ? title : undefined;
}

/** A client, with what is known about it. */
interface Client {
  readonly runnable: Runnable;
  readonly capabilities: readonly Capability[] | undefined;
}

/**
 * Binds the caller's tools to a client, in the client's own way; further options are given with the call.
 *
 * @throws {InvalidModelError} when there are tools and the client has none
 */
export function withAnswerOptions(
  { runnable, capabilities }: Client,
  { tools = [], tool_choice, strict, textWillDo = false, ...rest }: AnswerOptions,
  path: string,
): { readonly runnable: Runnable; readonly rest: AnswerOptions } {
  if (tools.length === 0) return { runnable, rest };
  const choice = plainChoice(tool_choice);
  const bound = bindTools(runnable, tools, {
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(strict === undefined ? {} : { strict }),
  });
  if (bound === undefined || capabilities?.includes("tools") === false) {
    if (textWillDo) return { runnable, rest };
    throw new InvalidModelError(`${path} has no tools, and the caller bound some`);
  }
  return { runnable: bound, rest };
}

interface ToolBinder {
  bindTools?(tools: readonly BindToolsInput[], options: object): Runnable;
}

function bindTools(runnable: Runnable, tools: readonly BindToolsInput[], options: object): Runnable | undefined {
  const client = runnable as Runnable & ToolBinder;
  if (typeof client.bindTools === "function") return client.bindTools(tools, options);
  if (!isBinding(runnable)) return undefined;
  const bound = bindTools(runnable.bound, tools, options);
  const { kwargs = {} } = runnable;
  return bound && new RunnableBinding({ bound, config: withoutTools(runnable.config), kwargs: withoutTools(kwargs) });
}

/** A binding without the tools it had: the caller's take their place. */
function withoutTools<Options extends object>(options: Options): Options {
  const { tools: _tools, tool_choice: _choice, ...rest } = options as Options & AnswerOptions;
  return rest as unknown as Options;
}

/** A choice as every client understands it: a word or the name of a tool, not one provider's object. */
function plainChoice(choice: ToolChoice | undefined): ToolChoice | undefined {
  if (choice === "required") return "any";
  if (typeof choice !== "object") return choice;
  const { function: tool, type, name } = choice as { function?: { name?: string }; type?: string; name?: string };
  return tool?.name ?? (type === "tool" ? name : undefined) ?? choice;
}
