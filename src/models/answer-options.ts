import type { BindToolsInput, ToolChoice } from "@langchain/core/language_models/chat_models";
import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { withoutRunKeys } from "../langgraph/run-keys.js";
import { formTitle } from "../langgraph/trace-marks.js";
import { formTool, nativeForm } from "./answer-form.js";
import type { CallerSettings } from "./caller-settings.js";
import { type CapableModel, describeLack } from "./capabilities.js";
import { isBinding } from "./client.js";
import type { AnswerForm } from "./client-kind.js";
import type { Capability } from "./model.js";

/** Call options of chat models that the caller of a run sets for its answers: tools, tool choice, stop words, … */
export interface AnswerOptions {
  readonly tools?: readonly BindToolsInput[];
  readonly tool_choice?: ToolChoice;
  readonly strict?: boolean;
  /** If the client cannot bind tools, call it without them instead of failing. @default false */
  readonly toolsOptional?: boolean;
  /** Schema of the answer, requested by JSON mode or tool, depending on the client. */
  readonly form?: AnswerForm;
  readonly settings?: CallerSettings;
  readonly [option: string]: unknown;
}

/** Removes RunnableConfig keys from call options, since agents pass their whole node config. */
export function answerOptionsOf(options: object): AnswerOptions {
  return withoutRunKeys(options);
}

/** Returns true if an answer needs a tool call, which the form may require as well. */
export function forcesTool({ tool_choice: choice, form }: AnswerOptions): boolean {
  return form !== undefined || asksForTool(choice);
}

/** Returns true if the caller set tools, or a form, which may become a tool. */
export function bringsTools({ tools = [], form }: AnswerOptions = {}): boolean {
  return tools.length > 0 || form !== undefined;
}

function asksForTool(choice: ToolChoice | undefined): boolean {
  return choice !== undefined && choice !== "auto" && choice !== "none";
}

/** Returns the name of the tool whose call is the answer, as set by `withStructuredOutput`. */
export function formOf(options: AnswerOptions | undefined): string | undefined {
  if (options?.form !== undefined) return options.form.name;
  return options && formTitle(options);
}

/** Returns the capabilities that these options require. */
export function neededFor({ tools = [], toolsOptional, response_format: format }: AnswerOptions = {}): Capability[] {
  const asJson = (format as { type?: unknown } | undefined)?.type === "json_schema";
  return [
    ...(tools.length > 0 && toolsOptional !== true ? (["tools"] as const) : []),
    ...(asJson ? (["json"] as const) : []),
  ];
}

interface AnswerModel extends CapableModel {
  readonly kind: "chat" | "pattern" | "opaque";
  readonly runnable: Runnable;
  readonly subgraph?: Runnable;
}

/** Returns why a model cannot use the caller's tools; `undefined` if it can, or if that is unknown. */
export function toolRefusal(model: AnswerModel, wanted: AnswerOptions = {}): string | undefined {
  const { kind, runnable, capabilities, subgraph } = model;
  const { tools = [], form, toolsOptional = false } = wanted;
  if (!bringsTools(wanted) || toolsOptional || kind === "pattern") return undefined;
  if (kind === "opaque") {
    if (subgraph !== undefined && !forcesTool(wanted)) return undefined; // an agent may answer with its own tools
    const what = subgraph === undefined ? "a chain" : "an agent or foreign graph";
    return `it is ${what}, and can use only its own tools`;
  }
  if (tools.length === 0 && form !== undefined && nativeForm(runnable, form, false) !== undefined) return undefined;
  if (!canBindTools(runnable)) return "it has no tools: its client has no bindTools";
  return capabilities.tools === false ? describeLack("tools", model) : undefined;
}

export interface BoundClient {
  readonly runnable: Runnable;
  /** Options to pass with the call. */
  readonly rest: AnswerOptions;
  /** True if the client's own JSON mode is used. */
  readonly native?: boolean;
}

/** Binds the caller's tools and form to a client; other options are returned for the call. */
export function withAnswerOptions(client: AnswerModel, options: AnswerOptions): BoundClient {
  const { form, tools = [], tool_choice: choice, toolsOptional: _, strict: _own, settings: _known, ...rest } = options;
  if (form === undefined || (asksForTool(choice) && tools.length > 0)) return withTools(client, options); // the form applies to a later answer, after the tool calls
  const steps = choice === "none" ? [] : tools;
  const native = nativeForm(client.runnable, form, steps.length > 0);
  if (native !== undefined) {
    const bound = withTools(client, { ...options, tools: steps });
    return { runnable: bound.runnable, rest: { ...rest, ...native }, native: true };
  }
  const all = [...steps, formTool(form)];
  return withTools(client, { ...options, tools: all, tool_choice: steps.length > 0 ? "required" : form.name });
}

function withTools({ runnable, capabilities }: AnswerModel, options: AnswerOptions): BoundClient {
  const { tools = [], tool_choice, strict, toolsOptional = false, form: _, settings: _known, ...rest } = options;
  if (tools.length === 0 || (toolsOptional && capabilities.tools === false)) return { runnable, rest };
  const choice = plainChoice(tool_choice);
  const bound = bindTools(runnable, tools, {
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(strict === undefined ? {} : { strict }),
  });
  return { runnable: bound ?? runnable, rest };
}

interface ToolBinder {
  bindTools?(tools: readonly BindToolsInput[], options: object): Runnable;
}

function canBindTools(runnable: Runnable): boolean {
  if (typeof (runnable as ToolBinder).bindTools === "function") return true;
  return isBinding(runnable) && canBindTools(runnable.bound);
}

function bindTools(runnable: Runnable, tools: readonly BindToolsInput[], options: object): Runnable | undefined {
  const client = runnable as Runnable & ToolBinder;
  if (typeof client.bindTools === "function") return client.bindTools(tools, options);
  if (!isBinding(runnable)) return undefined;
  const bound = bindTools(runnable.bound, tools, options);
  const { kwargs = {} } = runnable;
  return bound && new RunnableBinding({ bound, config: withoutTools(runnable.config), kwargs: withoutTools(kwargs) });
}

/** Drops the tools of a binding, since the caller's replace them. */
function withoutTools<Options extends object>(options: Options): Options {
  const { tools: _tools, tool_choice: _choice, ...rest } = options as Options & AnswerOptions;
  return rest as unknown as Options;
}

/** Converts a provider's tool choice object to the word or tool name that every client supports. */
function plainChoice(choice: ToolChoice | undefined): ToolChoice | undefined {
  if (choice === "required") return "any";
  if (typeof choice !== "object") return choice;
  const { function: tool, type, name } = choice as { function?: { name?: string }; type?: string; name?: string };
  return tool?.name ?? (type === "tool" ? name : undefined) ?? choice;
}
