// A supervisor and an agent of its team, each with several models: the supervisor thinks with a chain as its chat model, the agent
// has a spare model by middleware. The router around them has the one ledger of the team.
import { tool } from "@langchain/core/tools";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createAgent } from "langchain";
import { asChatModel, createFallback, createRouter } from "langgraph-multimodel";
import { fallbackMiddleware } from "langgraph-multimodel/middleware";
import { failWith } from "langgraph-multimodel/testing";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const weather = tool(({ city }) => `${city}: rain`, {
  name: "weather",
  description: "The weather of a city",
  schema: z.object({ city: z.string() }),
});
const looking = { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] };
const small = await openai("gpt-4o-mini", looking, failWith.quota());
const forecaster = createAgent({
  ...{ name: "forecaster", model: await google("gemini-2.0-flash", "It rains in Oslo."), tools: [weather] },
  middleware: [fallbackMiddleware({ models: { small } })],
});
const lead = createFallback({
  models: {
    first: await openai("gpt-4o", failWith.modelPermission()),
    second: await google(
      "gemini-2.5-pro",
      { toolCalls: [{ name: "transfer_to_forecaster", args: {} }] },
      "Take an umbrella to Oslo.",
    ),
  },
});
const team = createSupervisor({ agents: [forecaster.graph as never], llm: asChatModel(lead) });

const graph = createRouter({ models: { team }, route: () => "team" }).compile();
const { messages, calls } = await graph.invoke({ messages: "What should I pack for Oslo?" });
console.log(messages.at(-1)!.text);
for (const { path, model, status } of calls) console.log(`  ${path} (${model}): ${status}`);
await done();

// Output:
// Take an umbrella to Oslo.
//   team/first (gpt-4o): error
//   team/second (gemini-2.5-pro): ok
//   team/small (gpt-4o-mini): ok
//   team/small (gpt-4o-mini): error
//   team/fallback (gemini-2.0-flash): ok
//   team/first (gpt-4o): error
//   team/second (gemini-2.5-pro): ok
