import { Overwrite } from "@langchain/langgraph";
import { decide, type Scope } from "../calls/scope.js";
import type {
  Candidate,
  JudgedCandidate,
  OrchestrationState,
  OrchestrationUpdate,
} from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";
import { answered } from "./answered.js";
import { dropDraft, returnedMessage } from "./drafts.js";

/** Ends a run with a candidate. */
export function accept(
  scope: Scope,
  state: OrchestrationState,
  candidate: Candidate,
  confidence: number | null,
): OrchestrationUpdate {
  const { name, modelUsed = name } = candidate;
  return answered(state, scope, { message: returnedMessage(candidate), modelUsed, confidence });
}

/** Returns an earlier answer of the run, which the verifier now holds for the best. */
export function acceptEarlier(
  scope: Scope,
  state: OrchestrationState,
  earlier: Candidate,
  verdict: Verdict,
): OrchestrationUpdate {
  const candidates = [{ name: earlier.name, verdict } satisfies JudgedCandidate as object as Candidate];
  const dropped = dropLast(scope, state, `${earlier.name} is returned`);
  decide(scope, { kind: "accept", chosen: earlier.name, ...grounds(earlier, verdict) });
  return { candidates, ...dropped, verdict, ...accept(scope, state, earlier, verdict.score ?? null) };
}

/** Reports the last draft of a live run as discarded, and marks it. */
export function dropLast(scope: Scope, { candidates }: OrchestrationState, reason: string): OrchestrationUpdate {
  const last = candidates.at(-1);
  const dropped = last && dropDraft(scope, last, reason);
  return dropped === last ? {} : { candidates: new Overwrite([...candidates.slice(0, -1), dropped!]) };
}

/** What a verdict says for the decision about a candidate. */
export function grounds({ name }: Candidate, { score, threshold, reason, pass }: Verdict) {
  return {
    ...(score === undefined ? {} : { scores: { [name]: score } }),
    ...(threshold === undefined ? {} : { threshold }),
    reason: reason ?? (pass ? "the verifier passed it" : "the verifier did not pass it"),
  };
}
