import { type AnswerOptions, type Bound, withAnswerOptions } from "../models/answer-options.js";
import { withSettings } from "../models/caller-settings.js";
import type { ResolvedModel } from "../models/resolve.js";
import { withParameters } from "./asked-for.js";
import type { Scope } from "./scope.js";

/** A client with what the caller of the run asks for: settings, tools, a form. */
export function preparedFor(model: ResolvedModel, wanted: AnswerOptions): Bound {
  const { settings } = wanted;
  if (settings === undefined) return withAnswerOptions(model, wanted);
  const { runnable, options, unknown } = withSettings(model, settings.parameters);
  for (const name of unknown) settings.ignored.add(name);
  return withAnswerOptions({ ...model, runnable }, { ...wanted, ...options });
}

/** What a pattern below is asked for: what its chat model was bound to goes before what the caller of the run wants. */
export function optionsBelow(
  { options, context }: ResolvedModel,
  scope: Scope,
  wanted?: AnswerOptions,
  form?: AnswerOptions,
): AnswerOptions {
  const settings = options !== undefined && wanted?.settings ? { settings: wanted.settings } : {};
  const below = { ...settings, ...(options ?? wanted), ...form };
  return context?.parameters === undefined ? below : withParameters(scope, context.parameters, below);
}
