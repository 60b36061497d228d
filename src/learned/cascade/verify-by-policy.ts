import type { BaseMessage } from "@langchain/core/messages";
import { estimateTokens, usageOf } from "../../ledger/usage.js";
import { mentioning, named } from "../../models/mentions.js";
import type { Candidate } from "../../state/orchestration-state.js";
import type { Verdict } from "../../state/verdict.js";
import { type Normalize, textOf } from "../../text/normalizers/normalize.js";
import type { Verify, VerifyTurn } from "../../verification/verify.js";
import { drawnTradeoff } from "./draw.js";
import { driftWatch } from "./drift.js";
import type { Hint } from "./examples.js";
import { STOP } from "./plan.js";
import { type Agreement, deciderFor, type Policy } from "./policy.js";
import { inputTokens, questionText, tagsOf } from "./read-recordings.js";
import { bestOf } from "./simulate.js";
import { type Given, walkerOf } from "./walk.js";

/** Verifier of a trained cascade: it says where the ladder starts, which model comes next, and when to stop. */
export type CascadeVerify = Verify & {
  readonly first: string;
  /** Counts of second answers that equal the first: in this process, and in the recordings. */
  agreement(): { readonly live: Agreement; readonly recorded: Agreement };
};

export function verifyByPolicy(policy: Policy, normalize: Normalize): CascadeVerify {
  const { models, first, outlook, threshold, agreement } = policy;
  const decider = deciderFor(policy);
  const drift = driftWatch(models.join(" "), agreement);
  function trainedCascade({ messages, candidates, config }: VerifyTurn): Verdict {
    const known = candidates.filter(({ name }) => models.includes(name));
    const given = known.map(({ name, message }): Given => ({ model: models.indexOf(name), key: normalize(message) }));
    if (given.length === 2 && given.every(({ key }) => key !== "")) drift.note(given[0]!.key === given[1]!.key);
    const walker = walkerOf(decider, outlook, hintOf(policy, messages, known[0], tagsOf(config.context)));
    const { next, best, shares } = walker.step(given, drawnTradeoff(policy, questionText(messages)));
    const judged = candidates.at(-1)!;
    const ownShare = known.at(-1) === judged ? shares.at(-1)! : 0;
    const sure = `right with probability ${best.toFixed(2)}, from ${given.length} answers`;
    if (next !== STOP) return { pass: false, score: ownShare, next: models[next]!, reason: sure };
    if (best === 0) return { pass: false, score: 0, reason: "no answer holds anything to compare" };
    if (threshold !== undefined && best < threshold)
      return { pass: false, score: ownShare, threshold, next: "fallback", reason: `${sure}; too unsure` };
    const { name, message } = known[bestOf(shares)]!;
    const answer = message === judged.message ? {} : { answer: message };
    const limit = threshold === undefined ? {} : { threshold };
    return { pass: true, score: best, ...limit, ...answer, reason: `${name} is ${sure}` };
  }
  const verify = mentioning(trainedCascade, named("trained cascade", models));
  return Object.assign(verify, { first, agreement: () => ({ live: drift.live(), recorded: agreement }) });
}

/** Reads what the first answer says beside its content, if it is of the model that was to answer first. */
function hintOf(
  { first, lengths }: Policy,
  messages: readonly BaseMessage[],
  candidate: Candidate | undefined,
  tags: readonly string[],
): Hint | undefined {
  if (candidate?.name !== first) return undefined;
  const { message } = candidate;
  if (lengths === "text")
    return { inputTokens: inputTokens(messages), outputTokens: estimateTokens(textOf(message)), tags };
  const usage = usageOf(message);
  return usage && { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, tags };
}
