// Learns from recorded outcomes which model is worth asking, is kept as JSON, and weighs what it expects against the price.
import { createRouter } from "langgraph-multimodel";
import { loadRouter, trainRouter } from "langgraph-multimodel/learned";
import { done, openai } from "./support/chat.js";

const easy = ["What is 2 + 2?", "Name the capital of France.", "Is 7 odd?", "Who wrote Emma?", "What is 3 * 6?"];
const hard = ["irrational", "transcendental", "not rational", "no square", "not algebraic"];
const trained = await trainRouter([
  ...easy.map((prompt) => ({ prompt, outcomes: { small: 1, large: 1 } })),
  ...hard.map((claim) => ({ prompt: `Prove step by step that pi is ${claim}.`, outcomes: { small: 0, large: 1 } })),
]);
const saved = JSON.stringify(trained); // to a file, once; in a server only the next line runs
const router = loadRouter<"small" | "large">(saved);

const graph = createRouter({
  models: { small: await openai("gpt-4o-mini", "Yes."), large: await openai("gpt-4o", "Proof: ...") },
  route: router.route({ tradeoff: 0.3 }),
}).compile();
for (const question of ["Is 9 odd?", "Prove that e is irrational."]) {
  const { route, decisions } = await graph.invoke({ messages: question });
  console.log(`${question} -> ${route}\n  ${decisions[0]!.reason}`);
}
await done();

// Output:
// Is 9 odd? -> small
//   small: expected outcome 0.99 at 6 % of the highest price; large: expected outcome 1.00 at 100 % of the highest price; tradeoff 0.3
// Prove that e is irrational. -> large
//   large: expected outcome 1.00 at 100 % of the highest price; small: expected outcome 0.47 at 6 % of the highest price; tradeoff 0.3
