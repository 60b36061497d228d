import { type ErrorClass, ModelCallError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Answer } from "./answer.js";
import { ask } from "./ask.js";
import type { AskOptions } from "./ask-options.js";
import type { Scope } from "./scope.js";

/** Clients that rejected tools, and so structured output. */
const withoutTools = new WeakSet<object>();

/** Classes of errors that a rejected tool, or a tool call the server could not parse, ends in. */
const toolErrorClasses: ReadonlySet<ErrorClass> = new Set(["invalid_request", "model_unavailable", "empty"]);

/** Calls one model, with structured output if there is a `schema`; after a client rejected tools, only text is requested. */
export async function askStructured(
  model: ResolvedModel,
  messages: Parameters<typeof ask>[1],
  scope: Scope,
  { schema, ...options }: AskOptions,
): Promise<Answer> {
  if (schema === undefined || withoutTools.has(model.client)) return ask(model, messages, scope, options);
  try {
    return await ask(model, messages, scope, { ...options, schema });
  } catch (error) {
    if (!ModelCallError.isInstance(error) || !toolErrorClasses.has(error.class) || !/tool|function/i.test(error.reason))
      throw error;
    if (error.class !== "empty") withoutTools.add(model.client);
    return ask(model, messages, scope, options);
  }
}
