// A cheap model says SIMPLE or COMPLEX, then the cheap or the strong one answers; the result names the model and the classification.
import { classifyWith, createRouter, savings, totalCost } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const fast = await openai("gpt-4o-mini", "SIMPLE", "In 1889.", "COMPLEX");
const graph = createRouter({
  models: { fast, strong: await openai("gpt-4o", "Both grew out of iron bridges, but ...") },
  route: classifyWith(fast, {
    labels: { SIMPLE: "fast", COMPLEX: "strong" },
    instructions: "SIMPLE: a fact or a short answer. COMPLEX: reasoning, comparison or a long text.",
  }),
  fallback: fast, // a classification that fails buys nothing expensive
}).compile();

for (const question of ["When was the Eiffel Tower built?", "Compare the Eiffel Tower with the Forth Bridge."]) {
  const { messages, modelUsed, decisions, calls } = await graph.invoke({ messages: question });
  const [{ label: classification }] = decisions as [(typeof decisions)[number]];
  console.log({ answer: messages.at(-1)!.text, modelUsed, classification });
  const { savedPercent } = savings(calls, { against: "gpt-4o" });
  console.log(`  $${totalCost(calls)!.toFixed(6)}, ${savedPercent!.toFixed(0)} % saved`);
}
await done();

// Output:
// { answer: 'In 1889.', modelUsed: 'fast', classification: 'SIMPLE' }
//   $0.000014, 64 % saved
// {
//   answer: 'Both grew out of iron bridges, but ...',
//   modelUsed: 'strong',
//   classification: 'COMPLEX'
// }
//   $0.000143, -10 % saved
