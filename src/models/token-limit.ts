import type { AnswerOptions } from "./answer-options.js";
import { withSettings } from "./caller-settings.js";
import type { ResolvedModel } from "./resolve.js";

/** Returns the model with a client that sends an output limit; the same model without one, or if its client has no such setting. */
export function withTokenLimit(model: ResolvedModel, maxTokens: number | undefined): ResolvedModel {
  if (maxTokens === undefined) return model;
  const { runnable, unknown } = withSettings(model, { maxTokens });
  return unknown.length > 0 ? model : { ...model, runnable };
}

/** Lowers a caller's own output limit to one that a budget allows. */
export function withinTokens(
  options: AnswerOptions | undefined,
  maxTokens: number | undefined,
): AnswerOptions | undefined {
  const settings = options?.settings;
  if (maxTokens === undefined || settings?.parameters.maxTokens === undefined) return options;
  return { ...options, settings: { ...settings, parameters: { ...settings.parameters, maxTokens } } };
}
