// Learns from recorded answers which model to ask first, which next and when to stop; is kept as JSON and runs as a cascade.
import { createCascade, normalizeNumber } from "langgraph-multimodel";
import { loadCascade, trainCascade } from "langgraph-multimodel/learned";
import { done, openai } from "./support/chat.js";

// made up: nano is wrong in a third of the questions, mini in a quarter, never with the same number
const recordings = Array.from({ length: 120 }, (_, n) => ({
  input: `What is ${n} + 1?`,
  expected: n + 1,
  answers: {
    nano: { text: `${n % 3 === 0 ? n : n + 1}`, costUsd: 0.0001 },
    mini: { text: `${n % 4 === 0 ? n + 2 : n + 1}`, costUsd: 0.0004 },
    large: { text: `${n + 1}`, costUsd: 0.004 },
  },
}));
const policy = await trainCascade(recordings, {
  against: "large",
  normalize: normalizeNumber,
  score: (text, expected) => normalizeNumber(text) === String(expected),
  target: { accuracy: 0.95 },
});
const { accuracy, costShare, randomMix } = policy.report;
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
console.log(
  `${percent(accuracy.value)} right at ${percent(costShare.value)} of the cost, random mix ${percent(randomMix)}`,
);

const saved = JSON.stringify(policy); // to a file, once; in a server only the lines below run
const verify = loadCascade(saved, { normalize: normalizeNumber });
for (const [question, mini] of [
  ["What is 17 + 1?", "18"],
  ["What is 20 + 1?", "22"],
] as const) {
  const right = `${Number.parseInt(question.slice(8), 10) + 1}`;
  const graph = createCascade({
    models: {
      nano: await openai("gpt-4.1-nano", right),
      mini: await openai("gpt-4.1-mini", mini),
      large: await openai("gpt-4.1", right),
    },
    verify,
  }).compile();
  const { calls, modelUsed } = await graph.invoke({ messages: question });
  console.log(`${question} asked ${calls.map(({ node }) => node).join(", ")}, returned ${modelUsed}`);
}
await done();

// Output:
// 94 % right at 50 % of the cost, random mix 86 %
// What is 17 + 1? asked mini, returned mini
// What is 20 + 1? asked mini, nano, large, returned large
