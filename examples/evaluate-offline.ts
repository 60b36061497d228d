// evaluate, compare, record, replay: models answer a dataset once; graphs of them are then measured from the recording, without a key.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agreement, createCascade, normalizeNumber } from "langgraph-multimodel";
import { compare, evaluate, number, recordModels, replayModels } from "langgraph-multimodel/evaluation";
import { done, openai } from "./support/chat.js";

const folder = mkdtempSync(join(tmpdir(), "recorded-"));
const file = join(folder, "recorded.jsonl");
const models = {
  nano: await openai("gpt-4.1-nano", "It is 4."),
  mini: await openai("gpt-4o-mini", "So 4."),
  large: await openai("gpt-4o", "The answer is 4."),
};
const dataset = Array.from({ length: 200 }, (_, index) => ({
  id: `q-${index}`,
  input: `${index + 3} - ${index - 1}?`,
  expected: 4,
}));
const { examples, answers } = await recordModels({ models, dataset, file, budgetUsd: 1 });
console.log(`${examples} questions, ${answers} answers recorded`);

const recorded = replayModels(models, file);
const settings = { dataset: file, scorers: [number()] };
const graph = createCascade({ models: recorded, verify: agreement({ normalize: normalizeNumber }) });
const cascade = await evaluate({ graph, ...settings });
const strong = await evaluate({ graph: recorded.large, ...settings });
const { value, low, high } = cascade.accuracy;
console.log(`right ${value} (${low.toFixed(3)} to ${high}), of ${Object.keys(cascade.byModel)}`);

const { difference, notWorse, costShare, questionsNeeded } = compare(cascade, strong, { margin: 0.01 });
// the cascade is never wrong here, and still 200 questions do not show that it is not a point worse
console.log({ difference, notWorse, cheaper: costShare.high! < 1, questionsNeeded });
rmSync(folder, { recursive: true });
await done();

// Output:
// 200 questions, 600 answers recorded
// right 1 (0.981 to 1), of nano,mini
// {
//   difference: 0,
//   notWorse: false,
//   cheaper: true,
//   questionsNeeded: null
// }
