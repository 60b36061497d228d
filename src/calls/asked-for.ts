import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { type AnswerOptions, toolRefusal } from "../models/answer-options.js";
import type { ModelParameters } from "../models/model.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Prompt } from "../state/prompt.js";
import type { RunContext } from "../state/run-context.js";
import { decide, type Scope } from "./scope.js";

/** What of a call says whether its answer may be that of the run. */
interface Asked {
  readonly role: ModelCall["role"];
  readonly hidden?: boolean;
  readonly returned?: boolean;
}

/** What the caller of the run asks of this answer; of one that it never gets (a judge's, a router's), nothing. */
export function answerOptions(scope: Scope, { role, hidden = true, returned }: Asked): AnswerOptions | undefined {
  return (returned ?? (role === "answer" || !hidden)) ? withRunParameters(scope) : undefined;
}

/** Prompts of the pattern for this call: those of all models that answer, a part of the answer too, and none of a judge or router. */
export function systemOf({ system }: Scope, { role, hidden = true, returned = false }: Asked): readonly Prompt[] {
  return role === "answer" || returned || !hidden ? system : [];
}

/** Adds `parameters` of the run context, which the run around hands on in its options; settings of a request go first. */
function withRunParameters(scope: Scope): AnswerOptions | undefined {
  const { caller, config, nesting } = scope;
  const parameters = nesting === undefined ? (config.context as RunContext | undefined)?.parameters : undefined;
  return parameters === undefined ? caller?.options : withParameters(scope, parameters, caller?.options);
}

/** Options with parameters of a run context below those that are there; each one a model lacks becomes a decision. */
export function withParameters(scope: Scope, parameters: ModelParameters, options?: AnswerOptions): AnswerOptions {
  const given = options?.settings;
  const ignored = {
    add: (name: string) => {
      if (given !== undefined && name in given.parameters) return given.ignored.add(name);
      const reason = `it has no parameter ${name}, and answers without`;
      const { node: chosen } = scope;
      const noted = scope.ledger.decisions.some((each) => each.chosen === chosen && each.reason === reason);
      if (!noted) decide(scope, { kind: "skip", chosen, reason });
      return undefined;
    },
  };
  return { ...options, settings: { parameters: { ...parameters, ...given?.parameters }, ignored } };
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
