// Moves a tenth of the traffic to a new model, and keeps every session with the model it got.
import { createRouter, weighted } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const graph = createRouter({
  models: { current: await openai("gpt-4o", "As ever."), candidate: await openai("gpt-4.1", "New here.") },
  route: weighted({ current: 0.9, candidate: 0.1 }, { stickyBy: "sessionId", seed: "spring" }),
}).compile();

const counts: Record<string, number> = {};
for (let session = 1; session <= 100; session++) {
  const { route } = await graph.invoke({ messages: "Hi" }, { context: { sessionId: `s-${session}` } });
  counts[route!] = (counts[route!] ?? 0) + 1;
}
console.log(counts);

const again = () => graph.invoke({ messages: "Hi again" }, { context: { sessionId: "s-7" } });
const [one, two] = [await again(), await again()];
console.log(one.route === two.route, one.decisions[0]!.reason, one.decisions[0]!.scores);
await done();

// Output:
// { current: 90, candidate: 10 }
// true drawn by weight, fixed by sessionId { current: 0.9, candidate: 0.1 }
