import { Overwrite } from "@langchain/langgraph";
import { isOutage } from "../calls/control-flow.js";
import { decide, type Scope, soonerAround } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { strategyInTime } from "../calls/within-deadline.js";
import { InvalidInputError, isLimit, ModelCallError, withMaskedKeys } from "../errors/index.js";
import { formOf } from "../models/answer-options.js";
import { ownTools, toolNames } from "../models/offered-tools.js";
import type { ResolvedModel } from "../models/resolve.js";
import { redactError } from "../secrets/redact.js";
import { nothingLeft } from "../state/decision.js";
import type {
  Candidate,
  JudgedCandidate,
  OrchestrationState,
  OrchestrationUpdate,
} from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { runVerifier, Unjudged, type Verify } from "../verification/verify.js";
import { accept, acceptEarlier, dropLast, grounds } from "./accept.js";
import { rewritten } from "./drafts.js";
import { repetitions } from "./ensemble/cached-answers.js";
import {
  bestCandidate,
  fallbackName,
  goToNext,
  isLast,
  type NextOptions,
  noAnswerError,
  outOfTurn,
  ranOut,
} from "./next-options.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { continueLoop, loopTier, optionsInLoop } from "./tool-loop.js";
import { impatient } from "./wait-for.js";

/**
 * What follows when the judge's own call fails: return the answer with `confidence: null` (`accept`), go on to the next model
 * (`escalate`), or throw the judge's error (`throw`).
 */
export type OnUnverified = "accept" | "escalate" | "throw";

export interface VerifierNodeOptions {
  readonly verify: Verify;
  readonly nextOptions: NextOptions;
  /** True if a model also judges the last answer, for its score. */
  readonly judgeLast: boolean;
  readonly onUnverified: OnUnverified;
}

export function verifierNode(options: VerifierNodeOptions): OrchestrationNode {
  return nodeAt("verifier", judging(options));
}

/** Judges the last answer of a run: returns it, goes on to the next model, or returns it rejected where no model is left. */
export type Judging = (state: OrchestrationState, scope: Scope) => Promise<OrchestrationUpdate>;

export function judging({ verify, onUnverified, judgeLast, ...ways }: VerifierNodeOptions): Judging {
  return async (state, scope) => {
    const nextOptions = optionsInLoop(scope, ways.nextOptions, state);
    const candidate = state.candidates.at(-1);
    if (state.verdict && !state.verdict.pass) return rejectAnswer(scope, nextOptions, state, state.verdict); // the model's call failed
    if (candidate === undefined) throw new InvalidInputError("There is no answer to verify: `candidates` is empty");
    if (state.verdict) {
      decide(scope, {
        kind: "accept",
        chosen: candidate.name,
        reason: state.verdict.reason ?? "accepted from outside",
        byHand: true,
      });
      return accept(scope, state, candidate, state.verdict.score ?? null);
    }
    const model = nextOptions.all.find(({ name }) => name === candidate.name)?.model;
    if (isStep(candidate, scope, model)) {
      decide(scope, { kind: "accept", chosen: candidate.name, reason: "not verified: it calls tools, and is a step" });
      return accept(scope, state, candidate, null);
    }
    const last = !judgeLast && isLast(scope, nextOptions, state);
    const judged = await judge(scope, { verify, model, onUnverified, last }, state, candidate);
    if (judged instanceof Unjudged) {
      decide(scope, { kind: "accept", chosen: candidate.name, reason: notJudged });
      const kept = rewritten(scope, candidate, judged.answer);
      const accepted = accept(scope, state, kept, null);
      if (kept.message === candidate.message) return accepted;
      return { candidates: new Overwrite([...state.candidates.slice(0, -1), kept]), ...accepted };
    }
    if ("unverified" in judged) {
      const reason = `not verified: ${judged.unverified}`;
      if (onUnverified === "escalate")
        return rejectAnswer(scope, withoutRevision(nextOptions), state, { pass: false, reason }, judged);
      decide(scope, { kind: judged.ranOut ? "stop" : "accept", chosen: candidate.name, reason });
      return accept(scope, state, candidate, null);
    }
    const { answer = candidate.message, ...verdict } = judged;
    const earlier = state.candidates.find(({ message }) => message === answer && answer !== candidate.message);
    if (earlier !== undefined && verdict.pass) return acceptEarlier(scope, state, earlier, verdict);
    const weighed: Candidate = { ...rewritten(scope, candidate, answer), verdict };
    const after = { ...state, candidates: [...state.candidates.slice(0, -1), weighed] };
    const candidates = [{ name: candidate.name, verdict: judged } satisfies JudgedCandidate as object as Candidate];
    if (!verdict.pass) return { candidates, ...rejectAnswer(scope, nextOptions, after, verdict) };
    decide(scope, { kind: "accept", chosen: candidate.name, ...grounds(weighed, verdict) });
    return { candidates, verdict, ...accept(scope, after, weighed, verdict.score ?? null) };
  };
}

/** Reason for accepting the last answer without a verdict, which could not change the outcome. */
const notJudged = "last tier, not judged";

/**
 * True for an answer whose tool calls the caller has to run: it is returned unjudged, and the answer after the results is judged.
 * Calls to tools that were not offered do not count.
 *
 * @param model model that answered, if known
 */
export function isStep(
  { message }: Pick<Candidate, "message">,
  { caller }: Pick<Scope, "caller">,
  model: ResolvedModel | undefined,
): boolean {
  const form = formOf(caller?.options);
  const calls = message.tool_calls?.filter(({ name }) => name !== form) ?? [];
  if (calls.length === 0) return false;
  const own = model && ownTools(model);
  if (own === undefined) return true;
  const offered = new Set(caller?.options.tools?.flatMap((tool) => toolNames(tool) ?? []));
  return calls.every(({ name }) => own.has(name) || offered.has(name));
}

interface Judged extends Pick<VerifierNodeOptions, "verify" | "onUnverified"> {
  /** Model that answered, if known. */
  readonly model: ResolvedModel | undefined;
  readonly last: boolean;
}

/** Why the verifier gave no verdict. */
interface Unverified {
  readonly unverified: string;
  /** True if the run had no money or time left for the judge. */
  readonly ranOut: boolean;
}

async function judge(
  scope: Scope,
  { verify, model, onUnverified, last }: Judged,
  state: OrchestrationState,
  candidate: Candidate,
): Promise<Verdict | Unjudged | Unverified> {
  const { messages } = state;
  const latestFirst = state.candidates.toReversed(); // so that the judged one counts, not its repetition
  const again = repetitions(latestFirst, state.calls);
  const candidates = latestFirst.filter((candidate) => !again.has(candidate)).toReversed();
  try {
    const turn = {
      messages,
      answer: candidate.message,
      candidates,
      ask: askFrom(scope, "judge", {
        judged: model,
        sooner: onUnverified === "throw" ? soonerAround(scope) : impatient,
      }),
      state: scope.state,
      ...(last && { last }),
    };
    const given = await strategyInTime(scope, (config) => runVerifier(verify, { ...turn, config }, "verify"));
    return withMaskedKeys(given); // a verdict may quote a provider's text with secrets
  } catch (error) {
    if (error instanceof Unjudged) return error;
    if (onUnverified === "throw" || !isOutage(error, scope)) throw error;
    const ranOut = ModelCallError.isInstance(error) && isLimit(error.class);
    return { unverified: ranOut ? error.reason : redactError(error), ranOut };
  }
}

/** Drops revisions from the next options, because an unverified answer comes without feedback. */
function withoutRevision(nextOptions: NextOptions): NextOptions {
  return nextOptions.kind === "revise"
    ? { ...nextOptions, tiers: nextOptions.tiers.filter(({ name }) => name === fallbackName) }
    : nextOptions;
}

function returnRejected(
  scope: Scope,
  state: OrchestrationState,
  candidate: Candidate,
  verdict: Verdict,
): OrchestrationUpdate {
  const kept = candidate.verdict ?? verdict;
  return { verdict: kept, ...accept(scope, state, candidate, kept.score ?? null) };
}

/**
 * Goes on to the next model; without one, it returns the last answer with its verdict.
 *
 * @param given.ranOut true if the run had no money or time left for the judge
 */
function rejectAnswer(
  scope: Scope,
  nextOptions: NextOptions,
  state: OrchestrationState,
  verdict: Verdict,
  given: Partial<Unverified> = {},
): OrchestrationUpdate {
  const candidate = state.candidates.at(-1);
  const why = candidate === undefined ? { reason: verdict.reason ?? "no answer" } : grounds(candidate, verdict);
  const ways = outOfTurn(nextOptions, verdict.next);
  const next = continueLoop(scope, loopTier(scope, nextOptions, state)) ?? goToNext(scope, ways, state, why);
  if (next !== undefined) return { next, verdict, ...dropLast(scope, state, why.reason) };
  if (candidate === undefined) throw noAnswerError(scope, nextOptions, state);
  if (ranOut(scope, nextOptions, state) !== undefined) {
    const best = bestCandidate(state)!;
    return {
      ...(best !== candidate && dropLast(scope, state, `${best.name} scored higher`)),
      ...returnRejected(scope, state, best, verdict),
    };
  }
  decide(scope, {
    kind: given.ranOut === true ? "stop" : "accept",
    chosen: candidate.name,
    reason: `${nothingLeft}; the last answer that came is returned (${why.reason})`,
  });
  return returnRejected(scope, state, candidate, verdict);
}
