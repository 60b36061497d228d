import type { AIMessage } from "@langchain/core/messages";
import type { ModelCall } from "../../ledger/model-call.js";
import { grouped } from "../grouped.js";

interface SourcedAnswer {
  readonly name: string;
  readonly message: AIMessage;
  readonly modelUsed?: string | undefined;
}

/**
 * Finds cached answers that repeat another answer. The one that came from a model counts, or else the first from the cache.
 *
 * @param calls ledger with the calls of the answers
 * @returns each repetition with the name of the answer it repeats
 */
export function repetitions(
  answers: readonly SourcedAnswer[],
  calls: readonly ModelCall[],
): ReadonlyMap<SourcedAnswer, string> {
  const found = new Map<SourcedAnswer, string>();
  if (!calls.some(({ status }) => status === "cached")) return found;
  const latest = latestCalls(calls);
  const isHit = (answer: SourcedAnswer) => callOf(answer, latest)?.status === "cached";
  const equal = grouped(answers, (answer) =>
    JSON.stringify([callOf(answer, latest)?.model, answer.message.id, answer.message.text]),
  );
  for (const group of equal.values()) {
    const original = group.find((answer) => !isHit(answer)) ?? group[0]!;
    for (const answer of group) if (answer !== original && isHit(answer)) found.set(answer, original.name);
  }
  return found;
}

export function repetitionReason(original: string): string {
  return `its cache gave the answer of ${original} once more: one cached answer is one candidate`;
}

/** Finds the last call at or below each path. */
function latestCalls(calls: readonly ModelCall[]): ReadonlyMap<string, ModelCall> {
  const latest = new Map<string, ModelCall>();
  for (const call of calls) {
    const parts = call.path.split("/");
    for (let depth = 1; depth <= parts.length; depth++) latest.set(parts.slice(0, depth).join("/"), call);
  }
  return latest;
}

function callOf({ name, modelUsed = name }: SourcedAnswer, latest: ReadonlyMap<string, ModelCall>) {
  return latest.get(modelUsed);
}
