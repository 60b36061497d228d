import { AIMessage } from "@langchain/core/messages";
import { ModelCallError } from "../errors/index.js";
import { canRehearse } from "../langgraph/rehearsal.js";
import { costOf, estimateMessages } from "../ledger/usage.js";
import { worstCaseOf } from "../ledger/worst-case.js";
import { missingKeyOf } from "../models/by-name/named-client.js";
import { unavailability } from "../models/unavailable-model.js";
import type { Next } from "../resilience/policy.js";
import { mostAttempts } from "../resilience/retry.js";
import { shownName } from "../secrets/redact.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { refusedByBreaker } from "./breaking.js";
import { worstCase } from "./budgeted.js";
import { toCallError } from "./call-failure.js";
import { isControlFlow, isFault } from "./control-flow.js";
import { choosingOf, type Rehearsal, type Rehearsed, refusesToClassify, withoutRehearsal } from "./rehearsal.js";
import { limitError, shortage } from "./shortage.js";

/** Tokens of a usual answer, as `byCost` assumes them, and of the reply of a judge or a classifier. */
const usualTokens = { answer: 500, judgement: 50 };
/** Longest stand-in for an answer, in tokens. */
const longestStandIn = 16_384;
/** Bytes of a token of English. */
const bytesPerToken = 4;

interface Ways {
  /** Runs the nodes of a pattern. */
  readonly nested: Next<Attempt, Answer>;
  /** Really makes the call. */
  readonly real: Next<Attempt, Answer>;
}

/**
 * Stands in for one call of a model: notes it with its costs, and answers or fails as the script says. A pattern is entered; only a
 * classifier that the caller wants to pay for is called.
 */
export async function rehearse(request: Attempt, rehearsal: Rehearsal, { nested, real }: Ways): Promise<Answer> {
  const { model, scope, options } = request;
  const choosing = choosingOf(scope.config);
  if (choosing === undefined && model.kind === "pattern" && canRehearse(model.runnable)) {
    const answer = await nested(request).catch((error: unknown) => {
      if (isControlFlow(error, scope, options.signal) || isFault(error)) throw error;
      rehearsal.endedEarly(scope.path);
      throw toCallError(error, request.classify(error), model, scope, []);
    });
    if (!rehearsal.answers(scope.path, options, true)) throw failure(request);
    return answer;
  }
  const refusal = refusalOf(request);
  if (refusal !== undefined) {
    rehearsal.skip(scope.path, "", refusal.reason);
    throw refusal;
  }
  const call = { path: scope.path, by: scope.path, role: options.role, ...costsOf(request) };
  if (choosing !== undefined) {
    choosing.calls.push({ kind: "call", ...call });
    rehearsal.call(call);
    if (refusesToClassify(scope.config)) throw failure(request);
    const config = withoutRehearsal(scope.config);
    return real({ ...request, scope: { ...scope, config, rehearsal: undefined } });
  }
  rehearsal.call(call);
  if (!rehearsal.answers(scope.path, options)) throw failure(request);
  const isExpected = rehearsal.script.outcome === "answers";
  const { outputTokens } = isExpected ? usual(request) : worstCase(request);
  const text = "word ".repeat(Math.ceil((Math.min(outputTokens, longestStandIn) * bytesPerToken) / 5));
  return { message: new AIMessage(text.trim()), modelUsed: scope.path };
}

/** Returns the error of a call that would not be made: for lack of time, money or a key, or while a breaker is open. */
function refusalOf(request: Attempt): ModelCallError | undefined {
  const { model, messages, scope, classify } = request;
  const short = shortage(model, messages, scope);
  if (short !== undefined) return limitError(scope, short);
  const missing = unavailability(model.entry) ?? missingKeyOf(model.entry);
  if (missing !== undefined) return toCallError(missing, classify(missing), model, scope, []);
  return refusedByBreaker(request);
}

/** Makes the error of a call that fails as the script says, in a class that every next model may follow. */
function failure({ scope }: Attempt): ModelCallError {
  const reason = "it fails in this rehearsal";
  const about = { path: scope.path, class: "server", reason, cause: new Error(reason) } as const;
  return new ModelCallError({ ...about, movesOn: true, retryable: false, steps: [] });
}

function costsOf(request: Attempt): Pick<Rehearsed, "model" | "expectedUsd" | "worstUsd"> {
  const { price = null, modelId, entry, retry } = request.model;
  const { inputTokens, outputTokens, answers = 1 } = worstCase(request);
  const most = price && (worstCaseOf(price, inputTokens, answers * outputTokens) / 1e9) * mostAttempts(retry);
  return {
    ...(modelId !== undefined && { model: shownName(modelId) }),
    expectedUsd: costOf(usual(request), price),
    worstUsd: most && most * (entry.hedge === undefined ? 1 : 2),
  };
}

function usual({ messages, options, model }: Attempt) {
  const isAnswer = options.role === "answer" || options.role === "aggregator" || options.role === "shadow";
  const tokens = isAnswer ? usualTokens.answer : usualTokens.judgement;
  return { inputTokens: estimateMessages(messages), outputTokens: Math.min(tokens, model.maxOutputTokens) };
}
