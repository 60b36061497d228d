// A person may overrule the router: the run pauses before the models are asked, the route is edited, and the run goes on there.
import { MemorySaver } from "@langchain/langgraph";
import { byComplexity, createRouter } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const graph = createRouter({
  models: {
    small: await openai("gpt-4o-mini", "Take one."),
    large: await openai("gpt-4o", "Ask your doctor first: ..."),
  },
  route: byComplexity({ simple: "small", complex: "large" }),
}).compile({ checkpointer: new MemorySaver(), interruptBefore: ["small", "large"] });

const thread = { configurable: { thread_id: "1" } };
await graph.invoke({ messages: "May I take both pills?" }, thread);
const { next, values } = await graph.getState(thread);
console.log(`the router chose ${next}: ${values.decisions[0]!.reason}`);

await graph.updateState(thread, { route: "large" }, "router"); // as if the router had said it
const { modelUsed, messages } = await graph.invoke(null, thread);
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);

for await (const { next, values } of graph.getStateHistory(thread)) {
  console.log(`history: ${values.route ?? "no route"}, next ${next[0] ?? "nothing"}`);
}
await done();

// Output:
// the router chose small: simple: it is a short question
// large: Ask your doctor first: ...
// history: large, next nothing
// history: large, next large
// history: small, next small
// history: no route, next router
// history: no route, next __start__
