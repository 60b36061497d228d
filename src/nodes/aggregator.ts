import { AIMessage } from "@langchain/core/messages";
import { Overwrite } from "@langchain/langgraph";
import type { Aggregate, Aggregated, NamedAnswer } from "../aggregation/aggregate.js";
import { isOutage } from "../calls/control-flow.js";
import { decide, type Site, type Sooner } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { QuorumNotReachedError } from "../errors/index.js";
import { badReturn } from "../errors/uncalled.js";
import type { NamedModel } from "../models/check-models.js";
import { redactError } from "../secrets/redact.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { answered } from "./answered.js";
import { repeats, repetitions } from "./cached-answers.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import type { Onward } from "./onward.js";
import { impatient, soonerOnward } from "./wait-for.js";

export interface AggregatorNodeOptions {
  readonly models: readonly NamedModel[];
  readonly aggregate: Aggregate;
  readonly minimum: number;
  /** The node a run without enough answers goes to. */
  readonly otherwise?: string;
  /** The way to the models that answer then. */
  readonly onward: Onward;
}

/** A node that makes one answer out of those the lanes gave. */
export function aggregatorNode({
  models,
  aggregate,
  minimum,
  otherwise,
  onward,
}: AggregatorNodeOptions): OrchestrationNode {
  const order = new Map(models.map(({ name }, index) => [name, index]));
  const asked = models.length;
  return nodeAt("aggregator", async (state, site) => {
    const latest = new Map(state.candidates.map((candidate) => [candidate.name, candidate])); // one may be edited meanwhile
    const candidates = [...latest.values()].sort((a, b) => order.get(a.name)! - order.get(b.name)!);
    const again = repetitions(candidates, state.calls);
    for (const [{ name }, original] of again) decide(site, { kind: "skip", chosen: name, reason: repeats(original) });
    const counted = candidates.filter((candidate) => !again.has(candidate));
    const answers = counted.map(({ name, message }) => ({ name, message }));
    const giveUp = (reason: string, error: Error) => {
      if (otherwise === undefined) throw error;
      decide(site, { kind: "fallback", chosen: otherwise, candidates: answers.map(({ name }) => name), reason });
      return { next: otherwise };
    };
    if (answers.length < minimum) {
      const gave = again.size === 0 ? "lanes answered" : "lanes gave an answer of their own";
      const reason = `${answers.length} of ${asked} ${gave}, ${minimum} are needed`;
      return giveUp(reason, new QuorumNotReachedError(minimum, answers.length, state.failures));
    }
    let outcome: Aggregated;
    try {
      outcome =
        answers.length === 1 && aggregate.settled === undefined
          ? single(answers[0]!, asked)
          : await weigh(site, aggregate, state, answers, {
              lanes: [...order.keys()],
              sooner: aggregate.recovers === true ? impatient : soonerOnward(site, onward, state),
            });
    } catch (error) {
      if (!isOutage(error, site)) throw error; // a fault of the aggregate is not hidden behind another answer
      return giveUp(`the aggregation failed: ${redactError(error)}`, error);
    }
    const { message, confidence = null, agreement, votes, winner, reason = "" } = checked(outcome, aggregate);
    const chosen = winner ?? site.path;
    decide(site, {
      kind: "vote",
      chosen,
      candidates: answers.map(({ name }) => name),
      ...(votes && { scores: { ...votes } }),
      reason,
    });
    const modelUsed = candidates.find(({ name }) => name === winner)?.modelUsed ?? chosen;
    const consensus = agreement === "full" || agreement === "majority";
    return {
      candidates: new Overwrite(counted), // LangGraph reduces lanes in the order of their names
      ...answered(state, site, { message, modelUsed, confidence }),
      ...(agreement && { aggregate: { agreement, consensus, ...(votes && { votes: { ...votes } }) } }),
    };
  });
}

function weigh(
  site: Site,
  aggregate: Aggregate,
  state: OrchestrationState,
  answers: readonly NamedAnswer[],
  { lanes, sooner }: { readonly lanes: readonly string[]; readonly sooner: Sooner },
) {
  const { messages, failures } = state;
  const asked = lanes.length;
  return aggregate({
    messages,
    answers,
    failures,
    asked,
    lanes,
    ask: askFrom(site, "aggregator", { sooner }),
    config: site.config,
  });
}

/** Refuses what is no answer: a fault of the program, which no fallback mends. */
function checked(outcome: Aggregated, { name }: Aggregate): Aggregated {
  if (AIMessage.isInstance(outcome?.message)) return outcome;
  throw badReturn(name || "aggregate", outcome, "it must return { message: AIMessage, confidence, … }");
}

/** One answer alone is returned without paying a judge, and is no consensus. */
function single({ name, message }: NamedAnswer, asked: number): Aggregated {
  const confidence = asked > 1 ? 1 / asked : null;
  return { message, winner: name, confidence, agreement: "single", reason: `only ${name} answered, of ${asked} asked` };
}
