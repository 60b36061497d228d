import { isOutage } from "../calls/control-flow.js";
import { decide, type Scope } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { strategyInTime } from "../calls/within-deadline.js";
import type { Context } from "../context/context.js";
import { InvalidOptionError, UnknownRouteError } from "../errors/index.js";
import { invalidReturn } from "../errors/refuse-factory.js";
import { outOfSteps, stepsLeft } from "../langgraph/step-limit.js";
import type { ResolvedModel } from "../models/resolve.js";
import { classifyError } from "../resilience/classify-error.js";
import { end, type NextStage, type StageChoice, toStageChoice } from "../routing/next-stage.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { impatient } from "./wait-for.js";

export interface PipelineStage {
  readonly name: string;
  readonly model: ResolvedModel;
  readonly context: Context;
  readonly next?: NextStage;
  readonly maxVisits: number;
}

/** Lists the stages that may follow this one: the next in order and the `targets` of `next`, or all stages if these are unknown. */
export function targetsFrom(stage: PipelineStage, stages: readonly PipelineStage[]): readonly string[] {
  const order = [...stages.map(({ name }) => name), end];
  const following = order[stages.indexOf(stage) + 1]!;
  if (stage.next === undefined) return [following];
  const targets: readonly string[] = stage.next.targets ?? order;
  return order.filter((name) => name === following || targets.includes(name));
}

/**
 * Chooses the stage after this one and records the decision.
 *
 * @param state state whose last output is that of this stage
 * @returns the name of a stage, or `end`
 * @throws {UnknownRouteError} when `next` returns an unknown stage, or one outside its `targets`
 */
export async function chooseStage(
  stage: PipelineStage,
  stages: readonly PipelineStage[],
  state: OrchestrationState,
  scope: Scope,
): Promise<StageChoice & { readonly name: string }> {
  const order = [...stages.map(({ name }) => name), end];
  const own = order.indexOf(stage.name);
  const following = order[own + 1]!;
  if (stage.next === undefined) return { name: following };
  const choice = await choiceOf(stage, stage.next, state, scope);
  const { name: chosen = following, verdict } = choice;
  const target = order.indexOf(chosen);
  const ways = targetsFrom(stage, stages);
  if (!ways.includes(chosen)) throw new UnknownRouteError(String(chosen), ways);
  const reason = choice.reason ?? verdict?.reason ?? `${stage.name} chose ${chosen}`;
  const obstacle = target === own + 1 ? undefined : obstacleTo(stages[target], state, scope, stages.length - target);
  if (obstacle !== undefined) {
    decide(scope, { kind: "stop", chosen: following, reason: `${reason}; ${obstacle}` });
    return { ...choice, name: following };
  }
  decide(scope, { kind: target > own ? "accept" : "revise", chosen, reason });
  return { ...choice, name: chosen };
}

async function choiceOf(
  { name, model }: PipelineStage,
  next: NextStage,
  { messages, outputs }: OrchestrationState,
  scope: Scope,
): Promise<StageChoice> {
  const { message: answer } = outputs.at(-1)!;
  const asking = {
    ask: askFrom(scope, "judge", { judged: model, sooner: impatient }),
    state: scope.state,
  };
  const visits = visitsOf(name, outputs);
  try {
    const chosen = await strategyInTime(scope, (config) =>
      next({ messages, outputs, answer, visits, config, ...asking }),
    );
    if (typeof chosen === "function")
      throw invalidReturn(`${name}.next`, chosen, "it must name a stage, or return nothing");
    const choice = toStageChoice(chosen);
    if (choice.verdict === undefined || typeof choice.verdict?.pass === "boolean") return choice;
    throw new InvalidOptionError(`${name}.next`, choice.verdict, "a verdict is { pass: boolean, … }");
  } catch (error) {
    if (scope.rehearsal === undefined && !isOutage(error, scope)) throw error; // a stand-in may be of no use to `next`
    return { name: undefined, reason: `undecided, \`next\` failed (${classifyError(error).class})` }; // the stage's work is paid for, so the run goes on in order
  }
}

/** Returns why the run cannot go to a stage, or `undefined` if it can. */
function obstacleTo(
  stage: PipelineStage | undefined,
  { outputs }: OrchestrationState,
  { config }: Scope,
  stagesFromThere: number,
): string | undefined {
  if (stage === undefined) return undefined;
  const { name, maxVisits } = stage;
  if (visitsOf(name, outputs) >= maxVisits) return `${name} has its ${maxVisits} visits behind it`;
  return stepsLeft(config) < stagesFromThere ? outOfSteps(config, `go to ${name} once more`) : undefined;
}

function visitsOf(stage: string, outputs: OrchestrationState["outputs"]): number {
  return outputs.filter((output) => output.stage === stage).length;
}
