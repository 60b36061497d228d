/** The ladders as real graphs over recorded models: what is claimed is what `createCascade` does. */
import pLimit from "p-limit";
import {
  agreement,
  createCascade,
  type ModelEntry,
  type Normalize,
  normalizeChoice,
  normalizeNumber,
  totalCost,
  type Verify,
} from "../../src/index.js";
import type { Task } from "./families.js";
import { isPlain, type Ladder, leaderOf, type Walk } from "./ladder.js";
import { RecordedModel } from "./recorded-model.js";
import type { Recording } from "./shared-data.js";

const reading: Readonly<Record<Task["name"], { normalize: Normalize; say: (key: string) => string }>> = {
  gsm8k: { normalize: normalizeNumber, say: (key) => `#### ${key}` },
  mmlu_pro: { normalize: normalizeChoice("ABCDEFGHIJ"), say: (key) => `The answer is (${key}).` },
};

/**
 * What a ladder stops at. `agreement` of the library decides; where it does not pass, and nobody is left or the next call
 * would cost more than the limit, the answer with the most weight is taken.
 */
export function verifierOf(ladder: Ladder, normalize: Normalize): Verify {
  if (isPlain(ladder)) return agreement({ normalize });
  const weights = Object.fromEntries(ladder.models.map((model) => [toNode(model), ladder.weights[model]!]));
  const agreed = agreement({ weights, need: ladder.need ?? 0, normalize });
  return async function agreementWithinLimit(turn) {
    const verdict = await agreed(turn);
    if (verdict.pass) return verdict;
    const { candidates } = turn;
    const { input_tokens: input = 0, output_tokens: output = 0 } = candidates[0]!.message.usage_metadata ?? {};
    const upper = ladder.models[candidates.length];
    if (upper !== undefined && ladder.expect(upper, input, output) <= ladder.limit) return verdict;
    const given = candidates.map(({ name, message }) => ({ model: fromNode(ladder, name), key: normalize(message) }));
    const leader = candidates[given.indexOf(leaderOf(ladder, given))]!;
    const reason = upper === undefined ? "nobody is left" : "the next call is too dear";
    return { pass: true, answer: leader.message, reason: `the most weight is behind ${leader.name}: ${reason}` };
  };
}

/** Node names may not hold every character that model ids do. */
const toNode = (model: string) => model.replaceAll(/[^\w.-]/g, "-");
const fromNode = ({ models }: Ladder, node: string) => models.find((model) => toNode(model) === node)!;

/** Runs a ladder through its graph, question by question. */
export async function runGraph(task: Task, recording: Recording, ladder: Ladder): Promise<Omit<Walk, "model">[]> {
  const { normalize, say } = reading[task.name];
  const entries = ladder.models.map((model): [string, ModelEntry] => {
    const answers = new Map(recording.questions.map(({ prompt, answers }) => [prompt, answers[model]!]));
    return [toNode(model), { model: new RecordedModel(model, answers, say), price: recording.prices[model]! }];
  });
  const verify = verifierOf(ladder, normalize);
  const graph = createCascade({ models: Object.fromEntries(entries), verify }).compile();
  const limit = pLimit(8);
  return Promise.all(
    recording.questions.map(({ prompt, gold }) =>
      limit(async () => {
        const { messages, calls } = await graph.invoke({ messages: prompt });
        const right = normalize(messages.at(-1)?.text ?? "") === normalize(say(gold));
        return { right, costUsd: totalCost(calls) ?? Number.NaN, calls: calls.length };
      }),
    ),
  );
}
