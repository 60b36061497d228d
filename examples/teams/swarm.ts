// A swarm: agents hand the conversation to each other. One is backed up by middleware, the other has a cascade as its chat model.
//   npm install @langchain/langgraph-swarm && npx tsx examples/teams/swarm.ts
import { createHandoffTool, createSwarm } from "@langchain/langgraph-swarm";
import { createAgent } from "langchain";
import { asChatModel, check, createCascade, createRouter } from "langgraph-multimodel";
import { fallbackMiddleware } from "langgraph-multimodel/middleware";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "../support/chat.js";

const toBilling = createHandoffTool({ agentName: "billing", description: "Questions about invoices" });
const desk = createAgent({
  ...{ name: "desk", systemPrompt: "You answer the phone.", tools: [toBilling] },
  model: await google("gemini-2.0-flash", { toolCalls: [{ name: "transfer_to_billing", args: {} }] }),
  middleware: [fallbackMiddleware({ models: { first: await openai("gpt-4o-mini", failWith.quota()) } })],
});
const cascade = createCascade({
  models: {
    small: await openai("gpt-4.1-mini", "It should be fine."),
    large: await google("gemini-2.5-pro", "Invoice A-17 is open: 12.50 EUR."),
  },
  verify: check(({ answer }) => /\d/.test(answer.text)),
});
const toDesk = createHandoffTool({ agentName: "desk", description: "Anything else" });
const billing = createAgent({ name: "billing", model: asChatModel(cascade), tools: [toDesk] });

const swarm = createSwarm({ agents: [desk.graph, billing.graph] as never, defaultActiveAgent: "desk" }).compile();
const graph = createRouter({ models: { swarm }, route: () => "swarm" }).compile();
const { messages, calls } = await graph.invoke({ messages: "Did I pay invoice A-17?" });
console.log(messages.at(-1)!.text);
for (const { path, model, status } of calls) console.log(`  ${path} (${model}): ${status}`);
await done();

// Output:
// Invoice A-17 is open: 12.50 EUR.
//   swarm/first (gpt-4o-mini): error
//   swarm/fallback (gemini-2.0-flash): ok
//   swarm/small (gpt-4.1-mini): ok
//   swarm/large (gemini-2.5-pro): ok
