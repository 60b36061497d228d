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
import { judge, type Ladder, type Walk } from "./ladder.js";
import { RecordedModel } from "./recorded-model.js";
import type { Recording } from "./shared-data.js";

const reading: Readonly<Record<Task["name"], { normalize: Normalize; say: (key: string) => string }>> = {
  gsm8k: { normalize: normalizeNumber, say: (key) => `#### ${key}` },
  mmlu_pro: { normalize: normalizeChoice("ABCDEFGHIJ"), say: (key) => `The answer is (${key}).` },
};

/** Weighted agreement with a limit on the next call, as a `Verify`: what `agreement` is for equal weights. */
export function weightedAgreement(ladder: Ladder, normalize: Normalize): Verify {
  return function weightedAgreement({ candidates }) {
    const given = candidates.map(({ name, message }) => ({ model: fromNode(ladder, name), key: normalize(message) }));
    const { input_tokens: input = 0, output_tokens: output = 0 } = candidates[0]!.message.usage_metadata ?? {};
    const upper = ladder.models[candidates.length];
    const next = upper === undefined ? undefined : { expectedUsd: ladder.expect(upper, input, output) };
    const { stop, answer, why } = judge(ladder, given, next);
    const chosen = candidates[given.indexOf(answer)]!;
    return { pass: stop, reason: why, ...(stop && { answer: chosen.message }) };
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
  const plain = ladder.need === undefined && ladder.limit === Number.POSITIVE_INFINITY;
  const verify = plain ? agreement({ normalize }) : weightedAgreement(ladder, normalize);
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
