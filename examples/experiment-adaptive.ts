// thompson: an experiment that learns. The traffic moves to the variant whose answers are rewarded, each keeps a floor, and once the
// winner is certain it gets all of it. A thumb that comes later counts in the place of the first reward.
import { createExperiment, thompson } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

/** Answers of which a share is right, again and again. */
const right = (tenths: number) =>
  Array.from({ length: 1_000 }, (_, call) => ((call * 7) % 10 < tenths ? "It is 42." : "I do not know."));

const adapt = thompson({ reward: ({ answer }) => answer.text.includes("42"), floor: 0.1, stop: { margin: 0.05 } });
const graph = createExperiment({
  models: { short: await openai("gpt-4o-mini", ...right(4)), long: await openai("gpt-4o", ...right(8)) },
  weights: { short: 1, long: 1 }, // until each variant has ten rewards
  adapt,
  seed: "answers",
}).compile();

for (let run = 1; adapt.state().winner === undefined; run++) {
  const { decisions } = await graph.invoke({ messages: "What is the answer?" });
  const { reason, scores } = decisions[0]!;
  if (run === 1 || run === 60) console.log(`run ${run}: ${reason}, long gets ${scores!.long!.toFixed(2)}`);
}
const { turnId, decisions } = await graph.invoke({ messages: "And the question?" });
console.log(decisions[0]!.reason);

const before = adapt.state().variants.long!;
adapt.reward(turnId!, 0); // a thumb down, for an answer that the rule may have liked
console.log(before.count === adapt.state().variants.long!.count, before.sum - adapt.state().variants.long!.sum);
await done();

// Output:
// run 1: drawn by weight, as short has 0 of 10 rewards, long gets 0.50
// run 60: drawn by reward: short 0.455 of 11, long 0.792 of 48, long gets 0.89
// the experiment has stopped: long is within 0.05 of the best with confidence 0.95 (short 0.375 of 16, long 0.8 of 90)
// true 1
