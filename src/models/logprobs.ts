import { withSettings } from "./caller-settings.js";
import { innermost } from "./client.js";
import type { Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ResolvedModel } from "./resolve.js";

/** Clients whose server refused log-probabilities: they are asked without from then on. */
const refusing = new WeakSet<object>();

/** Says why a model's client cannot be asked for log-probabilities; `undefined` where it can. */
export function lackOfLogprobs({ kind, runnable, client }: ResolvedModel): string | undefined {
  if (kind !== "chat")
    return `it is ${kind === "pattern" ? "a pattern" : "an agent or chain"}: switch them on at its models`;
  const inner = innermost(runnable as Client);
  if (kindOf(inner)?.parameters.logprobs === undefined) return "its client has no switch for them";
  if (refusing.has(client)) return "its server refused them";
  return /^(?:o\d|gpt-5)/.test(String(inner.model)) ? "models that reason give none" : undefined;
}

/** A model whose client asks for log-probabilities; the same model where it does already, or cannot. */
export function withLogprobs(model: ResolvedModel): ResolvedModel {
  const { logprobs } = innermost(model.runnable as Client) as { readonly logprobs?: unknown };
  if (logprobs === true || lackOfLogprobs(model) !== undefined) return model;
  const { runnable, unknown } = withSettings(model, { logprobs: true });
  return unknown.length > 0 ? model : { ...model, runnable };
}

/** Remembers a client whose server refused log-probabilities. @returns true where it can be asked without them */
export function refusesLogprobs({ client }: ResolvedModel, error: unknown): boolean {
  const { status, message = "" } = Object(error) as { status?: number; message?: string };
  if (![400, 404, 415, 422, 500, 501].includes(status ?? 0) || !/log_?prob/i.test(message)) return false;
  refusing.add(client);
  return true;
}
