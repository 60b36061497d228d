// A team of agents is a model, too. Its supervisor thinks with a fallback chain, so that an outage of one provider does not
// end the team's work; the router around them counts every call.
import { tool } from "@langchain/core/tools";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createAgent } from "langchain";
import { asChatModel, createFallback, createRouter } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const weather = tool(({ city }) => `${city}: rain`, {
  name: "weather",
  description: "The weather of a city",
  schema: z.object({ city: z.string() }),
});
const looking = { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] };
const delegating = { toolCalls: [{ name: "transfer_to_forecaster", args: {} }] };
const forecaster = createAgent({
  name: "forecaster",
  model: await openai("gpt-4o-mini", looking, "It rains in Oslo."),
  tools: [weather],
});
const lead = createFallback({
  models: {
    first: await openai("gpt-4o", failWith.quota()),
    second: await google("gemini-2.5-pro", delegating, "Take an umbrella to Oslo."),
  },
});
const team = createSupervisor({ agents: [forecaster.graph], llm: asChatModel(lead) });

const graph = createRouter({ models: { team }, route: () => "team" }).compile();
const { messages, calls } = await graph.invoke({ messages: "What should I pack for Oslo?" });
console.log(messages.at(-1)!.text);
for (const { path, model, status } of calls) console.log(`  ${path} (${model}): ${status}`);
await done();

// Output:
// Take an umbrella to Oslo.
//   team/first (gpt-4o): error
//   team/second (gemini-2.5-pro): ok
//   team/model_request (gpt-4o-mini): ok
//   team/model_request (gpt-4o-mini): ok
//   team/second (gemini-2.5-pro): ok
