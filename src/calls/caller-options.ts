import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { type AnswerOptions, toolRefusal } from "../models/answer-options.js";
import type { ModelEntry, ModelParameters } from "../models/model.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { GivenPrompt } from "../state/prompt.js";
import type { RunContext } from "../state/run-context.js";
import { decide, type Scope } from "./scope.js";

/** Fields of a call that decide whether its answer may be the answer of the run. */
interface CallPurpose {
  readonly role: ModelCall["role"];
  readonly hidden?: boolean;
  readonly returned?: boolean;
}

/**
 * Returns the options of the run's caller for a call whose answer may be returned; not for judges and routers. Parameters that the
 * model's entry has for the run's task go below them.
 */
export function callerOptions(
  scope: Scope,
  { role, hidden = true, returned }: CallPurpose,
  { taskParameters = {} }: Pick<ModelEntry, "taskParameters"> = {},
): AnswerOptions | undefined {
  if (!(returned ?? (role === "answer" || !hidden))) return undefined;
  const options = withRunParameters(scope);
  const { task = "" } = (scope.config.context as Partial<RunContext> | undefined) ?? {};
  return Object.hasOwn(taskParameters, task) ? withParameters(scope, taskParameters[task]!, options) : options;
}

/** Returns the pattern's prompts for a call that answers, or gives part of an answer; none for judges and routers. */
export function systemOf(
  { system }: Scope,
  { role, hidden = true, returned = false }: CallPurpose,
): readonly GivenPrompt[] {
  return role === "answer" || returned || !hidden ? system : [];
}

/** Adds `parameters` of the run context; nested runs get them with the caller's options. Settings of a request go first. */
function withRunParameters(scope: Scope): AnswerOptions | undefined {
  const { caller, config, nesting } = scope;
  const parameters = nesting === undefined ? (config.context as RunContext | undefined)?.parameters : undefined;
  return parameters === undefined ? caller?.options : withParameters(scope, parameters, caller?.options);
}

/** Adds parameters of a run context below the given settings; a decision records each that a model lacks. */
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
