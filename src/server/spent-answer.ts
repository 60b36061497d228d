import { AIMessage } from "@langchain/core/messages";
import { refusalNames, SpentEmptyAnswerError } from "../calls/answer.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { usageMetadataOf } from "../ledger/usage.js";

const { name: spent } = new SpentEmptyAnswerError();

/**
 * What the provider itself would have replied, where that is no answer to a graph and yet a reply to its caller, who pays it and must
 * learn why: a refusal in words, an answer a filter stopped, or one whose token limit was used up before the first word.
 *
 * @param limited true where the caller's own limit may be the cause
 * @returns nothing where the run ended otherwise
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
