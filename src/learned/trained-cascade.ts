import type { Recording } from "../evaluation/recording.js";
import type { Price } from "../ledger/model-call.js";
import type { Normalize } from "../text/normalizers/normalize.js";
import { drawnTradeoff } from "./cascade/draw.js";
import { CASCADE_FORMAT, CASCADE_VERSION, deciderFor, type Policy } from "./cascade/policy.js";
import { readRecordings, type ScoreAnswer } from "./cascade/read-recordings.js";
import { type CascadeFigures, type CascadeReport, figuresOf } from "./cascade/report.js";
import { walkExample } from "./cascade/simulate.js";
import { type CascadeVerify, verifyByPolicy } from "./cascade/verify-by-policy.js";

/** A cascade learned from recorded answers: which model answers first, which next, and when to stop. */
export interface TrainedCascade {
  /** Returns a verifier for `createCascade`, which starts and continues the ladder as the policy says. */
  verify(): CascadeVerify;
  /** Cross-validated figures: no question was answered by a policy that had seen it. */
  readonly report: CascadeReport;
  /**
   * Answers other recordings as the cascade would, without a call. On the recordings it was trained on, the figures flatter.
   *
   * @throws {InvalidOptionError} when recordings lack the model `against`, or a price
   */
  simulate(recordings: readonly Recording[]): CascadeFigures;
  /** Numbers and names, for a file and `loadCascade`. */
  toJSON(): object;
}

export interface CascadeContext {
  readonly normalize: Normalize;
  readonly score: ScoreAnswer;
  readonly prices: ReadonlyMap<string, Price | null>;
}

export function trainedCascade(policy: Policy, { normalize, score, prices }: CascadeContext): TrainedCascade {
  return {
    verify: () => verifyByPolicy(policy, normalize),
    report: policy.report,
    simulate(recordings) {
      const { against, lengths, first, outlook, threshold } = policy;
      const models = policy.models.includes(against) ? policy.models : [...policy.models, against];
      const examples = readRecordings(recordings, { models, against, normalize, score, prices, lengths }, "simulate");
      const decider = deciderFor(policy);
      const at = policy.models.indexOf(first);
      const outcomes = examples.map((example) => {
        const own = { ...example, keys: example.keys.slice(0, policy.models.length) };
        const tradeoffs = [drawnTradeoff(policy, example.text)];
        const [walk] = walkExample(decider, { example: own, first: at, outlook, tradeoffs });
        const accepted = Number(walk!.best >= (threshold ?? 0));
        const wrongAccepted = accepted * Number(walk!.score < 0.5);
        return { score: walk!.score, cost: walk!.cost, calls: walk!.asked.length, accepted, wrongAccepted };
      });
      return figuresOf(outcomes, examples, models.indexOf(against), threshold !== undefined);
    },
    toJSON: () => ({ format: CASCADE_FORMAT, version: CASCADE_VERSION, ...policy }),
  };
}
