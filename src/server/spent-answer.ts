import { AIMessage } from "@langchain/core/messages";
import { refusalNames, SpentEmptyAnswerError } from "../calls/answer.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { usageMetadataOf } from "../ledger/usage.js";

const { name: spent } = new SpentEmptyAnswerError();

/**
 * Returns the reply of the provider for failures its caller should see as an answer: a refusal, a filtered answer, or a token
 * limit used up before the first word.
 *
 * @param limited true when the caller's own token limit may be the cause
 * @returns undefined for any other failure
 */
export function providersReply(error: unknown, limited: boolean): AIMessage | undefined {
  const { calls, decisions } = keptLedger(error);
  const last = calls.findLast(({ role }) => role === "answer");
  const reply = last && replyOf(last, limited);
  if (last === undefined || reply === undefined) return undefined;
  const orchestration = { modelUsed: last.path, confidence: null, costUsd: totalCost(calls) };
  const { finish_reason, refusal } = reply;
  const answer = new AIMessage({
    content: "",
    additional_kwargs: refusal === undefined ? {} : { refusal },
    usage_metadata: usageMetadataOf(calls),
    response_metadata: { finish_reason, orchestration },
  });
  return keepLedger(answer, { calls, decisions });
}

function replyOf(
  { error }: ModelCall,
  limited: boolean,
): { readonly finish_reason: string; readonly refusal?: string } | undefined {
  if (error?.name === spent && limited) return { finish_reason: "length" };
  if (error?.name === refusalNames.refused) return { finish_reason: "stop", refusal: error.message };
  return error?.name === refusalNames.filtered ? { finish_reason: "content_filter" } : undefined;
}
