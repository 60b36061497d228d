import { Overwrite } from "@langchain/langgraph";
import { isOutage } from "../calls/control-flow.js";
import { decide, type Scope, soonerAround } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { InvalidInputError, masked } from "../errors/index.js";
import { formOf } from "../models/answer-options.js";
import { ownTools, toolNames } from "../models/offered-tools.js";
import type { ResolvedModel } from "../models/resolve.js";
import { redactError } from "../secrets/redact.js";
import { nothingLeft } from "../state/decision.js";
import type { Candidate, OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { runVerifier, Unjudged, type Verify } from "../verification/verify.js";
import { answered } from "./answered.js";
import { repetitions } from "./ensemble/cached-answers.js";
import {
  bestCandidate,
  beyondSteps,
  fallbackName,
  goToNext,
  isLast,
  type NextOptions,
  noAnswerError,
} from "./next-options.js";
import { nodeAt, type OrchestrationNode } from "./node.js";
import { aheadInLoop, goOnInLoop, makerAhead } from "./tool-loop.js";
import { impatient } from "./wait-for.js";

/**
 * What a judge that fails as a call means for the answer it was to judge: it is returned with `confidence: null` (`accept`), goes
 * on to what may do better (`escalate`), or the run ends in the error of the judge (`throw`).
 */
export type OnUnverified = "accept" | "escalate" | "throw";

export interface VerifierNodeOptions {
  readonly verify: Verify;
  readonly nextOptions: NextOptions;
  /** True where an answer is judged by a model although nothing comes after it: the result holds the score. */
  readonly judgeLast: boolean;
  readonly onUnverified: OnUnverified;
}

/** A node that judges the last candidate and decides whether it is returned or the run goes on. */
export function verifierNode({ verify, onUnverified, judgeLast, ...ways }: VerifierNodeOptions): OrchestrationNode {
  return nodeAt("verifier", async (state, scope) => {
    const nextOptions = aheadInLoop(scope, ways.nextOptions, state);
    const candidate = state.candidates.at(-1);
    if (state.verdict && !state.verdict.pass) return refuse(scope, nextOptions, state, state.verdict); // the call itself failed
    if (candidate === undefined) throw new InvalidInputError("There is no answer to verify: `candidates` is empty");
    if (state.verdict) {
      decide(scope, {
        kind: "accept",
        chosen: candidate.name,
        reason: state.verdict.reason ?? "accepted from outside",
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
      const kept: Candidate = { ...candidate, message: judged.answer };
      const candidates = new Overwrite([...state.candidates.slice(0, -1), kept]);
      return { candidates, ...accept(scope, state, kept, null) };
    }
    if ("unverified" in judged) {
      const reason = `not verified: ${judged.unverified}`;
      if (onUnverified === "escalate")
        return refuse(scope, withoutRevision(nextOptions), state, { pass: false, reason });
      decide(scope, { kind: "accept", chosen: candidate.name, reason });
      return accept(scope, state, candidate, null);
    }
    const { answer = candidate.message, ...verdict } = judged;
    const weighed: Candidate = { ...candidate, message: answer, verdict };
    const after = { ...state, candidates: [...state.candidates.slice(0, -1), weighed] };
    const candidates = new Overwrite(after.candidates);
    if (!verdict.pass) return { candidates, ...refuse(scope, nextOptions, after, verdict) };
    decide(scope, { kind: "accept", chosen: candidate.name, ...grounds(weighed, verdict) });
    return { candidates, verdict, ...accept(scope, after, weighed, verdict.score ?? null) };
  });
}

/** The reason of an answer that is returned without a verdict, since none could change anything. */
const notJudged = "last tier, not judged";

/**
 * Tells an answer that waits for tool results: it is handed to the caller, and the answer that follows them is judged. Only calls
 * to tools that were offered count; an answer that calls a tool which does not exist is judged.
 *
 * @param model the model that answered, where it is known
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

interface Judging extends Pick<VerifierNodeOptions, "verify" | "onUnverified"> {
  /** The model that answered, where it is known. */
  readonly model: ResolvedModel | undefined;
  readonly last: boolean;
}

async function judge(
  scope: Scope,
  { verify, model, onUnverified, last }: Judging,
  state: OrchestrationState,
  candidate: Candidate,
): Promise<Verdict | Unjudged | { readonly unverified: string }> {
  const { messages } = state;
  const latestFirst = state.candidates.toReversed(); // the judged one stays
  const again = repetitions(latestFirst, state.calls);
  const candidates = latestFirst.filter((candidate) => !again.has(candidate)).toReversed();
  let verdict: Verdict;
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
      config: scope.config,
      ...(last && { last }),
    };
    verdict = masked(await runVerifier(verify, turn, "verify")); // it may quote what a provider sent
  } catch (error) {
    if (error instanceof Unjudged) return error;
    if (onUnverified === "throw" || !isOutage(error, scope)) throw error;
    return { unverified: redactError(error) };
  }
  if (verdict.score === undefined || Number.isFinite(verdict.score)) return verdict;
  const { score: _notANumber, ...rest } = verdict;
  return { ...rest, pass: false, reason: "the verifier gave no usable score" };
}

function accept(
  scope: Scope,
  state: OrchestrationState,
  { name, message, modelUsed = name }: Candidate,
  confidence: number | null,
): OrchestrationUpdate {
  return answered(state, scope, { message, modelUsed, confidence });
}

/** The way on from an answer nothing was said about: there is nothing to revise it by. */
function withoutRevision(nextOptions: NextOptions): NextOptions {
  return nextOptions.kind === "revise"
    ? { ...nextOptions, tiers: nextOptions.tiers.filter(({ name }) => name === fallbackName) }
    : nextOptions;
}

/** Returns an answer that did not pass, with the verdict over it. */
function keep(scope: Scope, state: OrchestrationState, candidate: Candidate, verdict: Verdict): OrchestrationUpdate {
  const kept = candidate.verdict ?? verdict;
  return { verdict: kept, ...accept(scope, state, candidate, kept.score ?? null) };
}

/** Goes on to what may do better; with nothing left, the last answer that came is returned with its verdict. */
function refuse(
  scope: Scope,
  nextOptions: NextOptions,
  state: OrchestrationState,
  verdict: Verdict,
): OrchestrationUpdate {
  const candidate = state.candidates.at(-1);
  const why = candidate === undefined ? { reason: verdict.reason ?? "no answer" } : grounds(candidate, verdict);
  const next = goOnInLoop(scope, makerAhead(scope, nextOptions, state)) ?? goToNext(scope, nextOptions, state, why);
  if (next !== undefined) return { next, verdict };
  if (candidate === undefined) throw noAnswerError(scope, nextOptions, state);
  if (beyondSteps(scope, nextOptions, state) !== undefined) return keep(scope, state, bestCandidate(state)!, verdict);
  decide(scope, {
    kind: "accept",
    chosen: candidate.name,
    reason: `${nothingLeft}; the last answer that came is returned (${why.reason})`,
  });
  return keep(scope, state, candidate, verdict);
}

function grounds({ name }: Candidate, { score, threshold, reason, pass }: Verdict) {
  return {
    ...(score === undefined ? {} : { scores: { [name]: score } }),
    ...(threshold === undefined ? {} : { threshold }),
    reason: reason ?? (pass ? "the verifier passed it" : "the verifier did not pass it"),
  };
}
