// A small model says what kind of question it is, and each kind has its own model. For tasks that differ in meaning, not in words.
import { classifyWith, createRouter } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const small = await openai("gpt-4o-mini", "CODE", "**math**", "I am not sure.", "I can try.");
const graph = createRouter({
  models: {
    coder: { model: await openai("gpt-4o", "Use a debugger."), description: "Programming" },
    solver: { model: await google("gemini-2.0-flash", "x = 3"), description: "Calculations" },
  },
  route: classifyWith(small, {
    labels: { CODE: "coder", MATH: "solver" },
    examples: [
      { question: "Why is my loop endless?", label: "CODE" },
      { question: "What is 3 * 6?", label: "MATH" },
    ],
  }),
  fallback: small,
}).compile();

for (const question of ["My tests fail", "Solve 2x = 6", "Sing!"]) {
  const { modelUsed, decisions, calls } = await graph.invoke({ messages: question });
  console.log(`${question} -> ${modelUsed}: ${decisions[0]!.reason}`);
  console.log(`  billed: ${calls.map(({ role, model }) => `${role} ${model}`).join(", ")}`);
}
await done();

// Output:
// My tests fail -> coder: the classifier said "CODE"
//   billed: router gpt-4o-mini, answer gpt-4o
// Solve 2x = 6 -> solver: the classifier said "MATH"
//   billed: router gpt-4o-mini, answer gemini-2.0-flash
// Sing! -> fallback: the classifier said "I am not sure.", which is none of the labels
//   billed: router gpt-4o-mini, answer gpt-4o-mini
