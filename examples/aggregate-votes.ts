// The answer most models gave, and the answer with most weight behind it, where some models are right more often.
import { createEnsemble, majorityVote, normalizeYesNo, weightedVote } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  nano: await openai("gpt-4.1-nano", "Yes, it is prime."),
  flash: await google("gemini-2.0-flash", "Yes"),
  large: await openai("gpt-4o", "No: 91 = 7 * 13."),
};
const accuracy = { nano: 0.6, flash: 0.65, large: 0.9 };
const weights = Object.fromEntries(Object.entries(accuracy).map(([name, p]) => [name, Math.log(p / (1 - p))]));

for (const aggregate of [
  majorityVote({ normalize: normalizeYesNo }),
  weightedVote({ weights, normalize: normalizeYesNo }),
]) {
  const graph = createEnsemble({ models, aggregate, stopEarly: false }).compile();
  const { messages, modelUsed, confidence, aggregate: vote } = await graph.invoke({ messages: "Is 91 prime?" });
  const votes = Object.entries(vote!.votes!).map(([answer, weight]) => `${answer} ${weight.toFixed(2)}`);
  console.log(`${modelUsed}: ${messages.at(-1)!.text} (${votes.join(", ")}; confidence ${confidence!.toFixed(2)})`);
  console.log(`  agreement: ${vote!.agreement}, more than half agree: ${vote!.consensus}`);
}
await done();

// Output:
// nano: Yes, it is prime. (yes 2.00, no 1.00; confidence 0.67)
//   agreement: majority, more than half agree: true
// large: No: 91 = 7 * 13. (no 2.20, yes 1.02; confidence 0.68)
//   agreement: majority, more than half agree: true
