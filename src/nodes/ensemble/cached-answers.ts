import type { AIMessage } from "@langchain/core/messages";
import type { ModelCall } from "../../ledger/model-call.js";

/** An answer, and the path of the call that gave it. */
interface Given {
  readonly name: string;
  readonly message: AIMessage;
  readonly modelUsed?: string | undefined;
}

/**
 * The answers that are others once more: a cache gave them. Those that came from a model stay, of several from a cache the first.
 *
 * @param calls the ledger that has the calls of the answers
 * @returns each repetition, with the name of the answer that it is
 */
export function repetitions(answers: readonly Given[], calls: readonly ModelCall[]): ReadonlyMap<Given, string> {
  const found = new Map<Given, string>();
  const from = new Map(answers.map((answer) => [answer, callOf(answer, calls)]));
  const isHit = (answer: Given) => from.get(answer)?.status === "cached";
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

/** Why such an answer does not count. */
export function repeats(original: string): string {
  return `its cache gave the answer of ${original} once more: one cached answer is one candidate`;
}

/** The call an answer came from: the last one at or below its path. */
function callOf({ name, modelUsed = name }: Given, calls: readonly ModelCall[]): ModelCall | undefined {
  return calls.findLast(({ path }) => path === modelUsed || path.startsWith(`${modelUsed}/`));
}
