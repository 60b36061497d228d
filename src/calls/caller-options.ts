import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { type AnswerOptions, toolRefusal } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Scope } from "./scope.js";

/** Fields of a call that decide whether its answer may be the answer of the run. */
interface CallPurpose {
  readonly role: ModelCall["role"];
  readonly hidden?: boolean;
  readonly returned?: boolean;
}

/** Returns the options of the run's caller for a call whose answer may be returned; not for judges and routers. */
export function callerOptions(
  { caller }: Scope,
  { role, hidden = true, returned }: CallPurpose,
): AnswerOptions | undefined {
  return (returned ?? (role === "answer" || !hidden)) ? caller?.options : undefined;
}

/**
 * Throws before a request if the model cannot get the tools its caller bound, since without them it would answer another question.
 * Also records the settings that an agent or chain ignores.
 */
export function refuseTools(model: ResolvedModel, wanted: AnswerOptions | undefined, { path }: Scope): void {
  const { parameters = {}, ignored } = (model.kind === "opaque" && wanted?.settings) || {};
  for (const name of Object.keys(parameters)) ignored?.add(name);
  const reason = toolRefusal(model, wanted);
  if (reason !== undefined)
    throw new InvalidModelError(`${path} cannot be given the tools its caller bound: ${reason}`);
}
