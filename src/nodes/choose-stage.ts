import type { Context } from "../context/context.js";
import { InvalidOptionError, ModelCallError, UnknownRouteError } from "../errors.js";
import type { ResolvedModel } from "../models/resolve.js";
import { decide, type Site } from "../models/site.js";
import { askFrom } from "../models/turn.js";
import { end, type NextStage, type StageChoice, toStageChoice } from "../routing/next-stage.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** A stage of a pipeline, checked. */
export interface PipelineStage {
  readonly name: string;
  readonly model: ResolvedModel;
  readonly context: Context;
  readonly next?: NextStage;
  readonly maxVisits: number;
}

/** LangGraph's own, where a run names none. */
const defaultRecursionLimit = 25;

/**
 * Asks a stage where its work goes, and records it.
 *
 * @param state the run, with the output of this stage as the last
 * @returns a stage, or `end`
 * @throws {UnknownRouteError} when `next` names no stage
 */
export async function chooseStage(
  { name, next }: PipelineStage,
  stages: readonly PipelineStage[],
  state: OrchestrationState,
  site: Site,
): Promise<StageChoice & { readonly name: string }> {
  const position = (stage: string) => (stage === end ? stages.length : stages.findIndex((each) => each.name === stage));
  const following = stages[position(name) + 1]?.name ?? end;
  if (next === undefined) return { name: following };
  const { messages, outputs } = state;
  const visitsOf = (stage: string) => outputs.filter((output) => output.stage === stage).length;
  let choice: StageChoice;
  try {
    const answer = outputs.at(-1)!.message;
    const turn = {
      messages,
      outputs,
      answer,
      visits: visitsOf(name),
      ask: askFrom(site, "judge"),
      config: site.config,
    };
    choice = toStageChoice(await next(turn));
  } catch (error) {
    if (!ModelCallError.isInstance(error)) throw error;
    choice = { reason: `undecided, its \`next\` failed (${error.class})` }; // the work is paid, and there is a way on
  }
  if (choice.verdict !== undefined && typeof choice.verdict?.pass !== "boolean") {
    throw new InvalidOptionError(`${name}.next`, choice.verdict, "a verdict is { pass: boolean, … }");
  }
  const chosen = choice.name ?? following;
  if (position(chosen) < 0) throw new UnknownRouteError(String(chosen), [...stages.map((stage) => stage.name), end]);
  const obstacle = chosen === following ? undefined : obstacleTo(chosen);
  const to = obstacle === undefined ? chosen : following;
  const kind: Decision["kind"] = position(to) > position(name) ? "accept" : "revise";
  const reason = choice.reason || choice.verdict?.reason || `${name} chose ${chosen}`;
  decide(
    site,
    obstacle === undefined
      ? { kind, chosen: to, reason }
      : { kind: "stop", chosen: to, reason: `${reason}; ${obstacle}` },
  );
  return { ...choice, name: to };

  function obstacleTo(stage: string): string | undefined {
    const { maxVisits = Infinity } = stages[position(stage)] ?? {};
    if (visitsOf(stage) >= maxVisits) return `${stage} has worked ${visitsOf(stage)} times, its maxVisits`;
    const { recursionLimit = defaultRecursionLimit } = site.config;
    const steps = outputs.length + stages.length - position(stage); // LangGraph ends a run of `recursionLimit` steps in an error
    return steps < recursionLimit
      ? undefined
      : `recursionLimit ${recursionLimit} leaves no room to go to ${stage} again`;
  }
}
