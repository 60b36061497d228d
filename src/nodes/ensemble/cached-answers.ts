import type { AIMessage } from "@langchain/core/messages";
import type { ModelCall } from "../../ledger/model-call.js";

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
  const from = new Map(answers.map((answer) => [answer, callOf(answer, calls)]));
  const isHit = (answer: SourcedAnswer) => from.get(answer)?.status === "cached";
  for (const answer of answers.filter(isHit)) {
    const original = answers.find(
      (other) =>
        other !== answer &&
        !found.has(other) &&
        from.get(other)?.model === from.get(answer)?.model &&
        (!isHit(other) || answers.indexOf(other) < answers.indexOf(answer)) &&
        other.message.id === answer.message.id &&
        other.message.text === answer.message.text,
    );
    if (original !== undefined) found.set(answer, original.name);
  }
  return found;
}

export function repetitionReason(original: string): string {
  return `its cache gave the answer of ${original} once more: one cached answer is one candidate`;
}

/** Finds the call of an answer: the last one at or below its path. */
function callOf({ name, modelUsed = name }: SourcedAnswer, calls: readonly ModelCall[]): ModelCall | undefined {
  return calls.findLast(({ path }) => path === modelUsed || path.startsWith(`${modelUsed}/`));
}
