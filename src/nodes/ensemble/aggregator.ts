import { AIMessage } from "@langchain/core/messages";
import { Overwrite } from "@langchain/langgraph";
import type { Aggregate, Aggregated, NamedAnswer } from "../../aggregation/aggregate.js";
import { isEmpty } from "../../calls/answer.js";
import { isOutage } from "../../calls/control-flow.js";
import { decide } from "../../calls/scope.js";
import { limitError, shortageIn } from "../../calls/shortage.js";
import { askFrom } from "../../calls/turn.js";
import { strategyInTime } from "../../calls/within-deadline.js";
import { InvalidOptionError, isLimit, ModelCallError, QuorumNotReachedError } from "../../errors/index.js";
import { invalidReturn } from "../../errors/refuse-factory.js";
import type { NamedModel } from "../../models/check-models.js";
import { redactError } from "../../secrets/redact.js";
import { answered } from "../answered.js";
import { dropDraft, dropOthers } from "../drafts.js";
import type { NextOptions } from "../next-options.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { impatient, soonerNext } from "../wait-for.js";
import { repetitionReason, repetitions } from "./cached-answers.js";

export interface AggregatorNodeOptions {
  readonly models: readonly NamedModel[];
  readonly aggregate: Aggregate;
  readonly minimum: number;
  /** Node for a run without enough answers. @default such a run throws */
  readonly otherwise?: string;
  readonly nextOptions: NextOptions;
}

export function aggregatorNode({
  models,
  aggregate,
  minimum,
  otherwise,
  nextOptions,
}: AggregatorNodeOptions): OrchestrationNode {
  const order = new Map(models.map(({ name }, index) => [name, index]));
  const asked = models.length;
  return nodeAt("aggregator", async (state, scope) => {
    const latest = new Map(state.candidates.map((candidate) => [candidate.name, candidate])); // an edited candidate replaces its earlier version
    const candidates = [...latest.values()].sort((a, b) => order.get(a.name)! - order.get(b.name)!);
    const again = repetitions(candidates, state.calls);
    for (const [{ name }, original] of again)
      decide(scope, { kind: "skip", chosen: name, reason: repetitionReason(original) });
    const counted = candidates.filter((candidate) => !again.has(candidate));
    const answers = counted.map(({ name, message }) => ({ name, message }));
    const limits = state.failures.filter((failure) => isLimit(failure.class));
    const giveUp = (reason: string, error: Error) => {
      if (otherwise === undefined) throw error;
      decide(scope, { kind: "fallback", chosen: otherwise, candidates: answers.map(({ name }) => name), reason });
      const dropped = candidates.map((candidate) => dropDraft(scope, candidate, reason));
      const isDropped = dropped.some(({ discarded }) => discarded);
      return { next: otherwise, ...(isDropped && { candidates: new Overwrite(dropped) }) };
    };
    if (answers.length < minimum) {
      const gave = again.size === 0 ? "lanes answered" : "lanes gave an answer of their own";
      const reason = `${answers.length} of ${asked} ${gave}, ${minimum} are needed`;
      const quorum = new QuorumNotReachedError(minimum, answers.length, state.failures);
      const limit = shortageIn(limits[0]);
      return giveUp(reason, limit === undefined ? quorum : limitError(scope, limit, quorum));
    }
    if (limits.length > 0) {
      const reason = `${limits.length} of ${asked} lanes left out: ${limits[0]!.message}`;
      decide(scope, { kind: "stop", chosen: scope.node, reason });
    }
    const sooner = aggregate.recovers === true ? impatient : soonerNext(scope, nextOptions, state);
    let outcome: Aggregated;
    try {
      outcome =
        answers.length === 1 && aggregate.settled === undefined
          ? single(answers[0]!, asked)
          : await strategyInTime(scope, (config) =>
              aggregate({
                messages: state.messages,
                answers,
                failures: state.failures,
                asked,
                lanes: [...order.keys()],
                ask: askFrom(scope, "aggregator", { sooner }),
                state: scope.state,
                config,
              }),
            );
    } catch (error) {
      const isOfStandIns = scope.rehearsal !== undefined && !ModelCallError.isInstance(error); // which an aggregate may not be able to read
      if (!isOfStandIns && !isOutage(error, scope)) throw error; // a fallback must not hide a bug of the aggregate
      if (!isOfStandIns && (!ModelCallError.isInstance(error) || !isLimit(error.class)))
        return giveUp(`the aggregation failed: ${redactError(error)}`, error as Error);
      const { reason } = error as ModelCallError;
      outcome = first(answers[0]!, reason);
      decide(scope, { kind: "stop", chosen: answers[0]!.name, reason: `not aggregated: ${reason}` });
    }
    const {
      message: made,
      confidence = null,
      agreement,
      votes,
      winner,
      reason = "",
    } = checked(outcome, aggregate, answers);
    const chosen = winner ?? scope.path;
    const message = dropOthers(scope, candidates, made, `the answer is that of ${chosen}`);
    decide(scope, {
      kind: "vote",
      chosen,
      candidates: answers.map(({ name }) => name),
      ...(votes && { scores: { ...votes } }),
      reason,
    });
    const modelUsed = candidates.find(({ name }) => name === winner)?.modelUsed ?? chosen;
    const consensus = agreement === "full" || agreement === "majority";
    return {
      ...(!isSameList(counted, state.candidates) && {
        candidates: new Overwrite(counted), // in key order and without repetitions: LangGraph merges lanes by name
      }),
      ...answered(state, scope, { message, modelUsed, confidence }),
      ...(agreement && { aggregate: { agreement, consensus, ...(votes && { votes: { ...votes } }) } }),
    };
  });
}

/** Throws if `aggregate` returned an invalid outcome, which is a bug and not a reason for a fallback. */
function checked(outcome: Aggregated, { name: aggregate }: Aggregate, answers: readonly NamedAnswer[]): Aggregated {
  const option = aggregate || "aggregate";
  const { message, confidence, winner } = Object(outcome) as Partial<Aggregated>;
  if (!AIMessage.isInstance(message) || isEmpty(message)) {
    throw invalidReturn(
      option,
      outcome,
      "it must return { message: AIMessage, confidence, … } with an answer in the message",
    );
  }
  if (confidence != null && !(confidence >= 0 && confidence <= 1)) {
    throw new InvalidOptionError(
      `${option}.confidence`,
      confidence,
      "return a number from 0 to 1, or null where nothing measured it",
    );
  }
  const names = answers.map(({ name }) => name);
  if (winner !== undefined && !names.includes(winner)) {
    throw new InvalidOptionError(
      `${option}.winner`,
      winner,
      `return one of ${names.join(", ")}, or leave it out for a new text`,
    );
  }
  return outcome;
}

/** Makes the outcome of a run that has no means left to weigh its answers. */
function first({ name, message }: NamedAnswer, limit: string): Aggregated {
  return { message, winner: name, confidence: null, reason: `the first answer in key order: ${limit}` };
}

/** Makes the outcome of a single answer, which needs no judge. */
function single({ name, message }: NamedAnswer, asked: number): Aggregated {
  const confidence = asked > 1 ? 1 / asked : null;
  return { message, winner: name, confidence, agreement: "single", reason: `only ${name} answered, of ${asked} asked` };
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
