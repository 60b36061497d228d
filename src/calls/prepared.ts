import { type AnswerOptions, type BoundClient, withAnswerOptions } from "../models/answer-options.js";
import { withSettings } from "../models/caller-settings.js";
import type { ResolvedModel } from "../models/resolve.js";
import { withParameters } from "./caller-options.js";
import type { Scope } from "./scope.js";

/** Applies the caller's settings, tools and form to a client. */
export function preparedFor(model: ResolvedModel, wanted: AnswerOptions): BoundClient {
  const { settings } = wanted;
  if (settings === undefined) return withAnswerOptions(model, wanted);
  const { runnable, options, unknown } = withSettings(model, settings.parameters);
  for (const name of unknown) settings.ignored.add(name);
  return withAnswerOptions({ ...model, runnable }, { ...wanted, ...options });
}

/** Returns the options of a nested pattern: those bound to its chat model override the caller's. */
export function nestedOptions(
  { options, context }: ResolvedModel,
  scope: Scope,
  wanted?: AnswerOptions,
  form?: AnswerOptions,
): AnswerOptions {
  const settings = options !== undefined && wanted?.settings ? { settings: wanted.settings } : {};
  const below = { ...settings, ...(options ?? wanted), ...form };
  return context?.parameters === undefined ? below : withParameters(scope, context.parameters, below);
}
