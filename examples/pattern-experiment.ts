// createExperiment: an A/B test. A user keeps the variant, and every answer says which one it came from, nested too: a log of
// answers is all an evaluation needs.
import { createExperiment, createRouter } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const chat = createExperiment({
  models: { control: await openai("gpt-4o", "As ever."), candidate: await openai("gpt-4.1", "In a new way.") },
  weights: { control: 3, candidate: 1 },
  stickyBy: "sessionId",
  seed: "spring", // another experiment over the same sessions takes another seed
});
const graph = createRouter({ models: { chat, code: await openai("o3") }, route: () => "chat" }).compile();

const log: Record<string, number> = {};
for (let session = 1; session <= 100; session++) {
  const { messages } = await graph.invoke({ messages: "Hi" }, { context: { sessionId: `s-${session}` } });
  const { orchestration } = messages.at(-1)!.response_metadata as {
    orchestration: { variants: Record<string, string> };
  };
  const variant = orchestration.variants["chat/assignment"]!;
  log[variant] = (log[variant] ?? 0) + 1;
}
console.log(log);

const { decisions } = await graph.invoke({ messages: "Hi again" }, { context: { sessionId: "s-1" } });
const { node, chosen, scores, reason } = decisions.at(-1)!;
console.log(`${node}: ${chosen}, ${reason}`, scores);
await done();

// Output:
// { control: 80, candidate: 20 }
// chat/assignment: control, drawn by weight, fixed by sessionId { control: 0.75, candidate: 0.25 }
