import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Aggregate, NamedAnswer } from "../aggregation/aggregate.js";
import { ask } from "../calls/ask.js";
import { decide } from "../calls/scope.js";
import { type Failure, InvalidOptionError, ModelCallError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { toolRefusal } from "../models/answer-options.js";
import type { NamedModel } from "../models/check-models.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { repetitions } from "./cached-answers.js";
import { conversation } from "./model.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { failureOf } from "./onward.js";

/** What the lanes of one run share while they are at work. */
class Race {
  readonly stop = new AbortController();
  readonly answers: (NamedAnswer & { readonly modelUsed: string })[] = [];
  readonly calls: ModelCall[] = [];
  readonly failures: Failure[] = [];
  /** True once the aggregate was found to have a fault: the lane that found it says so, for all of them. */
  broken = false;
}

/** The lanes of an ensemble: they find one another by the message list of their run, which all of them are given. */
export class Lanes {
  private readonly races = new WeakMap<OrchestrationState["messages"], Race>();

  constructor(
    private readonly models: readonly NamedModel[],
    private readonly settled: Aggregate["settled"],
  ) {}

  /** A node that asks one model beside others, and is cancelled when the outcome is certain without it. */
  node({ name, model }: NamedModel): OrchestrationNode {
    return nodeAt(name, async (state, site) => {
      const race = this.raceOf(state);
      const { signal } = race.stop;
      const refusal = toolRefusal(model, site.caller?.options);
      if (refusal !== undefined) decide(site, { kind: "skip", chosen: name, reason: refusal });
      try {
        const { message, modelUsed, steps } = await ask(model, conversation(state), site, {
          role: "answer",
          hidden: true,
          signal,
        });
        race.calls.push(...site.ledger.calls);
        this.finish(race, { answer: { name, message, modelUsed } });
        const candidate = { name, message, modelUsed, ...(steps === undefined ? {} : { steps: [...steps] }) };
        return { candidates: [candidate] };
      } catch (error) {
        if (signal.aborted && site.config.signal?.aborted !== true) return {}; // it can no longer matter
        if (!ModelCallError.isInstance(error)) throw error;
        const failure = failureOf(name, error);
        this.finish(race, { failure });
        return { failures: [failure] };
      }
    });
  }

  private raceOf({ messages }: OrchestrationState): Race {
    const race = this.races.get(messages) ?? new Race();
    this.races.set(messages, race);
    return race;
  }

  private finish(race: Race, { answer, failure }: { answer?: Race["answers"][number]; failure?: Failure }): void {
    if (answer !== undefined) race.answers.push(answer);
    if (failure !== undefined) race.failures.push(failure);
    const { failures, calls } = race;
    const again = repetitions(race.answers, calls);
    const answers = race.answers.filter((answer) => !again.has(answer));
    const lanes = this.models.map(({ name }) => name);
    if (race.broken) return;
    race.broken = true;
    const certain = this.settled?.({ answers, failures, asked: lanes.length, lanes }) === true;
    race.broken = false;
    if (certain) race.stop.abort(new Error("The outcome is certain"));
  }
}

/** The first node of an ensemble. */
export const fanOutNode: OrchestrationNode = async (_state, config) => {
  checkConcurrency(config);
  return {};
};

/** Refuses the limit at which LangGraph loses what should run in parallel. */
export function checkConcurrency({ maxConcurrency }: Pick<LangGraphRunnableConfig, "maxConcurrency">): void {
  if (maxConcurrency !== 1) return;
  throw new InvalidOptionError(
    "maxConcurrency",
    1,
    "LangGraph drops parallel lanes at 1; give 2 or more, or leave it out",
  );
}
