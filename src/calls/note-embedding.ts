import { HumanMessage } from "@langchain/core/messages";
import { closeLine, failLine, openLine } from "../ledger/line.js";
import type { Price } from "../ledger/model-call.js";
import { lookUpPrice } from "../ledger/price.js";
import { costOf } from "../ledger/usage.js";
import { mostInputTokens } from "../ledger/worst-case.js";
import type { Embedder } from "../resilience/cache.js";
import { classifyError } from "../resilience/classify-error.js";
import type { Attempt } from "./attempt.js";
import { holdFor, pursesOf } from "./budgeted.js";
import { roleWithin } from "./nesting.js";
import { noteCall } from "./scope.js";

/** Class of `localEmbeddings`, which run in this process. */
const local = "LocalEmbeddings";
const free: Price = { input: 0, output: 0 };

/**
 * Runs an embedder for a call of a model, and writes its line in the ledger. Embedders report no usage, so its tokens are estimated, and
 * count in budgets at their worst case.
 *
 * @throws {BudgetExceededError} when it does not fit; it is then not called
 */
export async function noteEmbedding<Result>(
  { model: of, scope, stops }: Pick<Attempt, "model" | "scope" | "stops">,
  text: string,
  { model, price: given }: Embedder,
  work: () => Promise<Result>,
): Promise<Result> {
  const { path, node, turnId } = scope;
  const price = given !== undefined ? given : model === local ? free : lookUpPrice(model);
  const prompt = [new HumanMessage(text)];
  const worst = { inputTokens: mostInputTokens(prompt), outputTokens: 0 };
  const settle = await holdFor(pursesOf(of, scope), price, worst, path);
  const call = openLine({ path, node, turnId, role: roleWithin(scope.nesting, "embedding") }, { model, prompt, price });
  noteCall(scope, call);
  try {
    const result = await work();
    call.status = "ok";
    if (call.usage !== undefined) call.costUsd = costOf(call.usage, price);
    return result;
  } catch (error) {
    if (!stops.some((stop) => stop?.aborted)) failLine(call, error, classifyError(error));
    throw error;
  } finally {
    closeLine(call);
    await settle(call);
  }
}
