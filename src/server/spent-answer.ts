import { AIMessage } from "@langchain/core/messages";
import { usageMetadataOf } from "../cost/usage.js";
import { SpentEmptyAnswerError } from "../models/answer.js";
import { keepLedger, keptLedger, totalCost } from "../state/ledger.js";

const { name: spent } = new SpentEmptyAnswerError();

/**
 * The answer of a model that used its token limit up before the first word: empty, as OpenAI's API gives it, for its caller pays it and
 * must learn why.
 *
 * @returns nothing where the run ended otherwise
 */
export function spentAnswer(error: unknown): AIMessage | undefined {
  const { calls, decisions } = keptLedger(error);
  const last = calls.at(-1);
  if (last?.error?.name !== spent) return undefined;
  const orchestration = { modelUsed: last.path, confidence: null, costUsd: totalCost(calls) };
  const answer = new AIMessage({
    content: "",
    usage_metadata: usageMetadataOf(calls),
    response_metadata: { finish_reason: "length", orchestration },
  });
  return keepLedger(answer, { calls, decisions });
}
