import type { BindToolsInput, ToolChoice } from "@langchain/core/language_models/chat_models";
import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { withoutRunKeys } from "../langgraph/run-keys.js";
import { formTitle } from "../langgraph/trace-marks.js";
import { formTool, nativeForm } from "./answer-form.js";
import type { CallerSettings } from "./caller-settings.js";
import { type Able, lackOf } from "./capabilities.js";
import { isBinding } from "./client.js";
import type { AnswerForm } from "./client-kind.js";
import type { Capability } from "./model.js";

/** What the caller of a run asks of its answers, in the call options of chat models: tools, their choice, stop words, … */
export interface AnswerOptions {
  readonly tools?: readonly BindToolsInput[];
  readonly tool_choice?: ToolChoice;
  readonly strict?: boolean;
  /** A model that has no tools is asked all the same. @default false */
  readonly textWillDo?: boolean;
  /** The JSON it must be, in whichever way the client can be asked for it. */
  readonly form?: AnswerForm;
  readonly settings?: CallerSettings;
  readonly [option: string]: unknown;
}

/** The options of a chat model among what it was called with. */
export function answerOptionsOf(options: object): AnswerOptions {
  return withoutRunKeys(options);
}

/** True where an answer without a tool call is none; a form may be one. */
export function forcesTool({ tool_choice: choice, form }: AnswerOptions): boolean {
  return form !== undefined || asksForTool(choice);
}

/** True where the caller gave tools, or a form that may have to be one. */
export function bringsTools({ tools = [], form }: AnswerOptions = {}): boolean {
  return tools.length > 0 || form !== undefined;
}

function asksForTool(choice: ToolChoice | undefined): boolean {
  return choice !== undefined && choice !== "auto" && choice !== "none";
}

/** The tool whose call is the answer itself: the form `withStructuredOutput` asked for. */
export function formOf(options: AnswerOptions | undefined): string | undefined {
  if (options?.form !== undefined) return options.form.name;
  return options && formTitle(options);
}

/** What a model must have to answer with these options. */
export function neededFor({ tools = [], textWillDo, response_format: format }: AnswerOptions = {}): Capability[] {
  const asJson = (format as { type?: unknown } | undefined)?.type === "json_schema";
  return [
    ...(tools.length > 0 && textWillDo !== true ? (["tools"] as const) : []),
    ...(asJson ? (["json"] as const) : []),
  ];
}

/** A model, with what is known about it. */
interface Answering extends Able {
  readonly kind: "chat" | "pattern" | "opaque";
  readonly runnable: Runnable;
  readonly subgraph?: Runnable;
}

/** Why a model cannot be given the tools of the caller; `undefined` where it can, or may: unknown is not unable. */
export function toolRefusal(model: Answering, wanted: AnswerOptions = {}): string | undefined {
  const { kind, runnable, capabilities, subgraph } = model;
  const { tools = [], form, textWillDo = false } = wanted;
  if (!bringsTools(wanted) || textWillDo || kind === "pattern") return undefined;
  if (kind === "opaque") {
    if (subgraph !== undefined && !forcesTool(wanted)) return undefined; // an agent answers with its own
    const what = subgraph === undefined ? "a chain" : "an agent or foreign graph";
    return `it is ${what}, and has none but its own`;
  }
  if (tools.length === 0 && form !== undefined && nativeForm(runnable, form, false) !== undefined) return undefined;
  if (binderOf(runnable) === undefined) return "it has no tools: its client has no bindTools";
  return capabilities.tools === false ? lackOf("tools", model) : undefined;
}

/** A client that is ready to be called. */
export interface Bound {
  readonly runnable: Runnable;
  /** Options of the call. */
  readonly rest: AnswerOptions;
  /** The answer is asked for in the client's own JSON mode. */
  readonly native?: boolean;
}

/** Binds the caller's tools and form to a client, in the client's own way; further options are given with the call. */
export function withAnswerOptions(client: Answering, options: AnswerOptions): Bound {
  const { form, tools = [], tool_choice: choice, textWillDo: _, strict: _own, settings: _known, ...rest } = options;
  if (form === undefined || (asksForTool(choice) && tools.length > 0)) return withTools(client, options); // a step: the form is that of the answer after it
  const steps = choice === "none" ? [] : tools;
  const native = nativeForm(client.runnable, form, steps.length > 0);
  if (native !== undefined) {
    const bound = withTools(client, { ...options, tools: steps });
    return { runnable: bound.runnable, rest: { ...rest, ...native }, native: true };
  }
  const all = [...steps, formTool(form)];
  return withTools(client, { ...options, tools: all, tool_choice: steps.length > 0 ? "required" : form.name });
}

function withTools({ runnable, capabilities }: Answering, options: AnswerOptions): Bound {
  const { tools = [], tool_choice, strict, textWillDo = false, form: _, settings: _known, ...rest } = options;
  if (tools.length === 0 || (textWillDo && capabilities.tools === false)) return { runnable, rest };
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

/** What binds tools: the client itself, or the one behind a binding. */
function binderOf(runnable: Runnable): (Runnable & Required<ToolBinder>) | undefined {
  const client = runnable as Runnable & ToolBinder;
  if (typeof client.bindTools === "function") return client as Runnable & Required<ToolBinder>;
  return isBinding(runnable) ? binderOf(runnable.bound) : undefined;
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
