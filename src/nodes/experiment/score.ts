import type { AIMessage } from "@langchain/core/messages";
import { isOutage } from "../../calls/control-flow.js";
import { carriesLedger, decide, type Scope } from "../../calls/scope.js";
import { askFrom } from "../../calls/turn.js";
import { strategyInTime } from "../../calls/within-deadline.js";
import { invalidReturn } from "../../errors/refuse-factory.js";
import { isForAnswer, isOfShadow, type ModelCall } from "../../ledger/model-call.js";
import type { ResolvedModel } from "../../models/resolve.js";
import type { Adapt, Reward } from "../../routing/adapting/adapt.js";
import { redactError } from "../../secrets/redact.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../state/orchestration-state.js";
import { checkVerdict } from "../../verification/verify.js";
import type { Tier } from "../next-model.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { answeringModel } from "../tool-loop.js";
import { isStep } from "../verifier.js";
import { impatient } from "../wait-for.js";
import { shadowName } from "./shadow-name.js";

/** Node that scores the answer of a variant. */
export const scoreName = "score";

export interface ScoreNodeOptions {
  readonly variants: readonly Tier[];
  readonly score: Reward;
  /** Model whose answers are scored beside the shown ones. */
  readonly shadow: ResolvedModel | undefined;
  /** Is rewarded with the score of the shown answer. */
  readonly adapt: Adapt | undefined;
}

/** An answer of a run, with the model and the calls that gave it. */
interface Answered {
  readonly name: string;
  readonly message: AIMessage;
  readonly model: ResolvedModel;
  readonly calls: readonly ModelCall[];
}

/** Makes the node that scores the answer of a run, and that of its shadow, after the answer was given. */
export function scoreNode({ variants, score, shadow, adapt }: ScoreNodeOptions): OrchestrationNode {
  const work = async (state: OrchestrationState, scope: Scope): Promise<OrchestrationUpdate> => {
    const message = state.messages.at(-1) as AIMessage;
    const name =
      answeringModel(
        message,
        scope,
        variants.map((tier) => tier.name),
      ) ?? state.route;
    const model = variants.find((tier) => tier.name === name)?.model;
    if (name === undefined || model === undefined) return {};
    if (isStep({ message }, scope, model)) return {}; // the answer comes in a later run
    const [aside, own] = [state.calls.filter(isOfShadow), state.calls.filter(isForAnswer)];
    const reward = await scored(score, { name, message, model, calls: own }, state, scope);
    const beside = shadow && state.outputs.find(({ stage }) => stage === shadowName);
    const other = beside && { name: shadowName, message: beside.message, model: shadow, calls: aside };
    const shadowReward = other && (await scored(score, other, state, scope));
    const scores = Object.entries({ [name]: reward, [shadowName]: shadowReward }).filter(isKnown);
    if (scope.rehearsal !== undefined) return {};
    if (scores.length > 0) {
      const reason = "scored after the answer";
      decide(scope, { kind: "score", chosen: name, scores: Object.fromEntries(scores), reason });
    }
    if (reward !== undefined) adapt?.reward(scope.turnId, reward);
    return carriesLedger(scope) ? { messages: [message] } : {}; // the ledger on the answer is from before this node
  };
  return nodeAt(scoreName, async (state, scope) => ({ next: undefined, ...(await work(state, scope)) }));
}

const isKnown = (entry: readonly [string, number | undefined]): entry is [string, number] => entry[1] !== undefined;

/** Returns what an answer is worth; `undefined` if it cannot be said, or the call that would say it failed. */
async function scored(
  score: Reward,
  answer: Answered,
  state: OrchestrationState,
  scope: Scope,
): Promise<number | undefined> {
  const { name, message, model, calls } = answer;
  const turn = {
    ...{ messages: state.messages.slice(0, -1), answer: message, candidates: [{ name, message }] },
    ...{ runId: scope.turnId, name, calls, state: scope.state },
    ask: askFrom(scope, "judge", { judged: model, sooner: impatient }),
  };
  try {
    return rewardOf(await strategyInTime(scope, (config) => score({ ...turn, config })), score);
  } catch (error) {
    if (scope.rehearsal !== undefined) return undefined; // it may not be able to read a stand-in
    if (!isOutage(error, scope)) throw error; // a bug of the score
    decide(scope, { kind: "skip", chosen: name, reason: `not scored: ${redactError(error)}` });
    return undefined;
  }
}

function rewardOf(given: Awaited<ReturnType<Reward>>, score: Reward): number | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "boolean") return Number(given);
  const expected = "it must return a number from 0 to 1, a boolean, a verdict, or undefined";
  const option = score.name || "score";
  if (typeof given === "number") {
    if (given >= 0 && given <= 1) return given;
    throw invalidReturn(option, given, expected);
  }
  const verdict = checkVerdict(given, option, expected);
  const asks = (score as { readonly asks?: boolean }).asks === true;
  return verdict.score ?? (asks ? undefined : Number(verdict.pass)); // a judge without a score has not judged
}
