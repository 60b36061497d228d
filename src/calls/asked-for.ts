import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { type AnswerOptions, toolRefusal } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Scope } from "./scope.js";

/** What of a call says whether its answer may be that of the run. */
interface Asked {
  readonly role: ModelCall["role"];
  readonly hidden?: boolean;
  readonly returned?: boolean;
}

/** What the caller of the run asks of this answer; of one that it never gets (a judge's, a router's), nothing. */
export function answerOptions({ caller }: Scope, { role, hidden = true, returned }: Asked): AnswerOptions | undefined {
  return (returned ?? (role === "answer" || !hidden)) ? caller?.options : undefined;
}

/**
 * Ends a call without a request where the model cannot have the tools its caller bound: without them it would answer another
 * question. Settings an agent or chain cannot be given are noted as ignored.
 */
export function refuseTools(model: ResolvedModel, wanted: AnswerOptions | undefined, { path }: Scope): void {
  const { parameters = {}, ignored } = (model.kind === "opaque" && wanted?.settings) || {};
  for (const name of Object.keys(parameters)) ignored?.add(name);
  const reason = toolRefusal(model, wanted);
  if (reason !== undefined)
    throw new InvalidModelError(`${path} cannot be given the tools its caller bound: ${reason}`);
}
