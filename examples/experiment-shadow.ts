// shadow: a new model answers what users ask, and none of them sees it. Both answers are scored, and compared question by question.
import { createExperiment } from "langgraph-multimodel";
import { compare, shadowReports } from "langgraph-multimodel/evaluation";
import { done, openai } from "./support/chat.js";

const wrong = "I am not sure.";
const graph = createExperiment({
  models: { current: await openai("gpt-4o-mini", "Paris.", wrong, "Rome.", wrong, "Oslo.", wrong) },
  weights: { current: 1 },
  shadow: {
    model: await openai("gpt-4o", "Paris.", "Madrid.", "Rome.", "Lisbon.", "Oslo.", wrong),
    maxWaitMs: 60_000, // the tokens of the answer stream before; the run waits so that its ledger is whole
    score: ({ answer }) => answer.text !== wrong,
  },
}).compile();

const runs = [];
for (const country of ["France", "Spain", "Italy", "Portugal", "Norway", "Atlantis"]) {
  runs.push(await graph.invoke({ messages: `Capital of ${country}?` }));
}
const [, spain] = runs;
console.log("shown:", spain!.messages.at(-1)!.text, "unseen:", spain!.outputs[0]!.message.text);
console.log(spain!.calls.map(({ path, role }) => `${path}: ${role}`));

const { shown, shadow } = shadowReports(runs);
const { difference, questions, mcNemar } = compare(shadow, shown);
console.log(
  `${questions} questions, difference ${difference.toFixed(2)}, only the shadow was right ${mcNemar.onlyFirst} times`,
);
await done();

// Output:
// shown: I am not sure. unseen: Madrid.
// [ 'current: answer', 'shadow: shadow' ]
// 6 questions, difference 0.33, only the shadow was right 2 times
