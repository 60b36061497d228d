import type { AIMessage } from "@langchain/core/messages";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { checkThreshold, type Verify, type VerifyTurn } from "./verify.js";

export interface LogprobsOptions {
  /** Lowest probability that passes, 0..1, inclusive. @default 0.8 */
  readonly threshold?: number;
  /** Geometric mean over all tokens, or the least likely token. @default "mean" */
  readonly reduce?: "mean" | "min";
}

/**
 * Passes an answer whose tokens were likely to the model itself.
 *
 * **When to use** - the provider returns log-probabilities; they cost nothing more, and are better calibrated than stated
 * confidence (Kadavath et al. 2022, arXiv:2207.05221).
 * **Gotchas** - they are switched on at OpenAI's and Azure's clients; clients of Gemini, Claude and Ollama have no switch (of some of
 * Gemini's models their mean arrives all the same), nor have models that reason. An answer without log-probabilities fails, without a
 * score, and a `skip` decision says why there are none. Models inside a nested pattern or an agent must request them themselves. Long answers
 * have a lower minimum: fit the threshold to your data.
 *
 * @example
 * ```ts
 * const mini = new ChatOpenAI({ model: "gpt-4o-mini" });
 * createCascade({ models: { mini, large }, verify: logprobs({ threshold: 0.9 }) });
 * ```
 * @throws {InvalidOptionError} when `threshold` is not from 0 to 1, or `reduce` is neither "mean" nor "min"
 */
export function logprobs(options: LogprobsOptions = {}): Verify {
  checkKeys(options, "logprobs", ["threshold", "reduce"]);
  const { threshold = 0.8, reduce = "mean" } = options;
  checkThreshold(threshold, "logprobs.threshold");
  if (reduce !== "mean" && reduce !== "min")
    throw new InvalidOptionError("logprobs.reduce", reduce, 'give "mean" or "min"');
  function logprobs({ answer }: VerifyTurn) {
    const score = probabilityOf(answer, reduce);
    if (score === undefined) return { pass: false, threshold, reason: "the answer carries no log-probabilities" };
    const kind = reduce === "mean" ? "mean" : "lowest";
    return {
      pass: score >= threshold,
      score,
      threshold,
      reason: `${kind} token probability ${score.toFixed(3)}, ${threshold} passes`,
    };
  }
  return Object.assign(logprobs, { logprobs: true });
}

/** True for an answer with log-probabilities, of its tokens or their mean. */
export const carriesLogprobs = (answer: AIMessage): boolean => probabilityOf(answer, "mean") !== undefined;

/** Shapes of providers: OpenAI's `content[].logprob`, Gemini's `chosenCandidates[].logProbability` and `avgLogprobs`. */
interface Reported {
  readonly logprobs?: { readonly content?: readonly { readonly logprob?: number }[] | null };
  readonly logprobsResult?: { readonly chosenCandidates?: readonly { readonly logProbability?: number }[] };
  readonly avgLogprobs?: number;
}

function probabilityOf(
  { response_metadata, additional_kwargs }: AIMessage,
  reduce: "mean" | "min",
): number | undefined {
  for (const reported of [response_metadata, additional_kwargs] as Reported[]) {
    const tokens = [
      ...(reported?.logprobs?.content ?? []).map(({ logprob }) => logprob),
      ...(reported?.logprobsResult?.chosenCandidates ?? []).map(({ logProbability }) => logProbability),
    ].filter((value): value is number => typeof value === "number" && value <= 0);
    if (tokens.length > 0) {
      const mean = tokens.reduce((sum, value) => sum + value, 0) / tokens.length;
      return Math.exp(reduce === "mean" ? mean : tokens.reduce((least, value) => Math.min(least, value)));
    }
    if (reduce === "mean" && typeof reported?.avgLogprobs === "number")
      return Math.exp(Math.min(0, reported.avgLogprobs));
  }
  return undefined;
}
