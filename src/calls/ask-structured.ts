import { type ErrorClass, ModelCallError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Answer } from "./answer.js";
import { ask } from "./ask.js";
import type { AskOptions } from "./ask-options.js";
import type { Scope } from "./scope.js";

/** Clients that refused tools, and with them structured output. */
const withoutTools = new WeakSet<object>();

/** What a client without tools answers, and one whose model wrote a call its server could not read. */
const troubles: ReadonlySet<ErrorClass> = new Set(["invalid_request", "model_unavailable", "empty"]);

/** Asks one model, for structured output where there is a `schema`; a client that refuses tools is asked for text, once and for all. */
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
    if (!ModelCallError.isInstance(error) || !troubles.has(error.class) || !/tool|function/i.test(error.reason))
      throw error;
    if (error.class !== "empty") withoutTools.add(model.client); // it said so; the schema's text form is asked for instead
    return ask(model, messages, scope, options);
  }
}
