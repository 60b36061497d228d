// A deep agent: it writes a plan and hands parts of the work to agents below it. Middleware plans with a strong model and acts with a
// cheap one, within one budget; an agent below has a chain as its chat model.
//   npm install deepagents && npx tsx examples/teams/deep-agent.ts
import { createDeepAgent } from "deepagents";
import { asChatModel, budget, createFallback } from "langgraph-multimodel";
import { budgetMiddleware, byPhase, routerMiddleware } from "langgraph-multimodel/middleware";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "../support/chat.js";

const task = { subagent_type: "researcher", description: "How tall is the Eiffel Tower?" };
const large = await openai("gpt-4.1", { toolCalls: [{ name: "task", args: task }] });
const small = await openai("gpt-4.1-mini", "330 metres, antennas included.");
const chain = createFallback({
  models: {
    first: await openai("gpt-4o-mini", failWith.quota()),
    second: await google("gemini-2.0-flash", "It is 330 m tall."),
  },
});

const agent = createDeepAgent({
  model: large,
  systemPrompt: "You answer with facts.",
  subagents: [
    { name: "researcher", description: "Looks things up", systemPrompt: "Look it up.", model: asChatModel(chain) },
  ],
  middleware: [
    routerMiddleware({ models: { small, large }, route: byPhase({ plan: "large", act: "small" }) }),
    budgetMiddleware({ budget: budget({ usd: 5, per: "day" }) }),
  ],
});
const { messages, calls, decisions } = await agent.invoke({ messages: "How tall is the Eiffel Tower?" });
console.log(messages.at(-1)?.text);
for (const { path, model, status } of calls) console.log(`  ${path} (${model}): ${status}`);
for (const { reason } of decisions) console.log(`  ${reason}`);
await done();

// Output:
// 330 metres, antennas included.
//   model/large (gpt-4.1): ok
//   model/small (gpt-4.1-mini): ok
//   plan: no tool has run yet for this message
//   act: a tool gave its result
