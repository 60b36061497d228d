import { LimitReachedError } from "../errors/index.js";
import { estimateMessages, usageOf } from "../ledger/usage.js";
import { outputLimit } from "../models/output-limit.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Policy } from "../resilience/policy.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";

/** Tokens that an answer counts until its usage is known, if the client sends no maximum. */
const usualOutput = 1_000;

/**
 * Waits for room under the `limit` of the entry: for a free place, and for requests and tokens per minute. A call that another model of
 * its chain can take does not wait.
 */
export function limiting(model: ResolvedModel): Policy<Attempt, Answer> | undefined {
  const { limiter } = model;
  if (limiter === undefined) return undefined;
  const output = outputLimit(model) ?? usualOutput;
  return async (request, next) => {
    const { client, stops, options, outcome, messages, classify } = request;
    const tokens = limiter.countsTokens ? estimateMessages(messages) + output : 0;
    const movesOn = () => options.hasAlternative === true && options.others?.() === "ready";
    const noteWait = (ms: number) => {
      outcome.waits = { ...outcome.waits, queuedMs: (outcome.waits?.queuedMs ?? 0) + ms };
    };
    const leave = await limiter.enter({ client, tokens, stops, movesOn, noteWait }).catch((error: unknown) => {
      if (LimitReachedError.isInstance(error)) outcome.cutOff = error.reason;
      throw error;
    });
    let used = tokens; // an answer of unknown usage counts as what was reserved
    try {
      const answer = await next(request);
      const usage = usageOf(answer.message);
      if (usage !== undefined) used = usage.inputTokens + usage.outputTokens;
      return answer;
    } catch (error) {
      const { status = 500 } = classify(error);
      if (status < 500) used = 0; // the provider refused the request
      throw error;
    } finally {
      leave(used);
    }
  };
}
