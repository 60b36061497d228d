import { isReasoningModel, withSettings } from "./caller-settings.js";
import { innermost } from "./client.js";
import type { Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ResolvedModel } from "./resolve.js";
import { refusesPart } from "./server-refusal.js";

/** Clients whose server refused log-probabilities; later calls go without. */
const refusing = new WeakSet<object>();

/** Returns why a model's client cannot request log-probabilities; `undefined` if it can. */
export function lackOfLogprobs({ kind, runnable, client }: ResolvedModel): string | undefined {
  if (kind !== "chat")
    return `it is ${kind === "pattern" ? "a pattern" : "an agent or chain"}: switch them on at its models`;
  const inner = innermost(runnable as Client);
  if (kindOf(inner)?.parameters.logprobs === undefined) return "its client has no switch for them";
  if (refusing.has(client)) return "its server refused them";
  return isReasoningModel(inner) ? "models that reason give none" : undefined;
}

/** Returns the model with a client that requests log-probabilities; the same model if it does already, or cannot. */
export function withLogprobs(model: ResolvedModel): ResolvedModel {
  const { logprobs } = innermost(model.runnable as Client) as { readonly logprobs?: unknown };
  if (logprobs === true || lackOfLogprobs(model) !== undefined) return model;
  const { runnable, unknown } = withSettings(model, { logprobs: true });
  return unknown.length > 0 ? model : { ...model, runnable };
}

/** Remembers a client whose server refused log-probabilities. @returns true if the call may be repeated without them */
export function refusesLogprobs({ client }: ResolvedModel, error: unknown): boolean {
  if (!refusesPart(error, /log_?prob/i)) return false;
  refusing.add(client);
  return true;
}
