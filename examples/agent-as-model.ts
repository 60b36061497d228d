// An agent is a model like any other: here it is the first tier of a cascade. Its own calls are lines of the ledger, and what
// its tools gave goes with its answer.
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { check, createCascade } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const stock = tool(({ article }) => `${article}: 3 left`, {
  name: "stock",
  description: "How many of an article are left",
  schema: z.object({ article: z.string() }),
});
const call = { toolCalls: [{ name: "stock", args: { article: "tea" } }] };
const agent = createAgent({
  model: await openai("gpt-4o-mini", call, "There are 3 packs of tea left."),
  tools: [stock],
});

const graph = createCascade({
  models: { agent, large: await google("gemini-2.5-pro", "never asked") },
  verify: check(({ answer }) => /\d/.test(answer.text)),
}).compile();

const { messages, modelUsed, calls, candidates } = await graph.invoke({ messages: "How much tea is left?" });
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
for (const { path, model, status } of calls) console.log(`  ${path} (${model}): ${status}`);
for (const { type, text } of candidates[0]?.steps ?? []) console.log(`  ${type}: ${text || "calls stock"}`);
await done();

// Output:
// agent: There are 3 packs of tea left.
//   agent/model_request (gpt-4o-mini): ok
//   agent/model_request (gpt-4o-mini): ok
//   ai: calls stock
//   tool: tea: 3 left
