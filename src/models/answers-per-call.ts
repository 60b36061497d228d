import type { Runnable } from "@langchain/core/runnables";
import { isBinding } from "./client.js";

/** Names of the number of answers that one request asks for, each of which is billed. */
const names = ["n", "best_of", "bestOf", "candidateCount", "candidate_count"];

/** Returns how many answers the parameters of a request ask for. */
export function answersIn(parameters: Readonly<Record<string, unknown>> | undefined): number {
  const asked = names.map((name) => parameters?.[name]).filter((each) => Number.isSafeInteger(each)) as number[];
  return Math.max(1, ...asked);
}

/** Returns how many answers a client asks for in one request, by its own settings or by what is bound to it. */
export function answersPerCall(runnable: Runnable): number {
  type Sending = Readonly<Partial<Record<"kwargs" | "defaultOptions" | "modelKwargs", Record<string, unknown>>>>;
  const { kwargs, defaultOptions, modelKwargs } = runnable as Runnable & Sending;
  const own = [runnable as unknown as Record<string, unknown>, kwargs, defaultOptions, modelKwargs].map(answersIn);
  return Math.max(...own, isBinding(runnable) ? answersPerCall(runnable.bound as Runnable) : 1);
}
