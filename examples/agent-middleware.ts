// Middleware of an agent: the strong model plans and recovers from a tool that failed, the cheap one does the rest, and a budget
// covers both. The ledger of the run is in the agent's state.
import { ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { createAgent, createMiddleware } from "langchain";
import { byPhase } from "langgraph-multimodel";
import { budgetMiddleware, routerMiddleware } from "langgraph-multimodel/middleware";
import { z } from "zod";
import { done, openai } from "./support/chat.js";

const pages: Readonly<Record<string, string>> = { prices: "Tea is 3 EUR.", terms: "Returns within 14 days." };
const read = tool(({ page }) => pages[page] ?? Promise.reject(new Error("there is no such page")), {
  name: "read",
  description: "Reads a page",
  schema: z.object({ page: z.string() }),
});
/** Shows the model that a tool failed, in place of ending the run. */
const failures = createMiddleware({
  name: "failures",
  wrapToolCall: async (request, handler) => {
    try {
      return await handler(request);
    } catch (error) {
      const { id = "", name } = request.toolCall;
      return new ToolMessage({ content: String(error), tool_call_id: id, name, status: "error" });
    }
  },
});

const reading = (page: string) => ({ toolCalls: [{ name: "read", args: { page } }] });
const large = await openai("gpt-4.1", reading("prices"), reading("terms"));
const small = await openai("gpt-4.1-mini", reading("return"), "Tea is 3 EUR, and may be returned within 14 days.");
const agent = createAgent({
  model: large,
  tools: [read],
  middleware: [
    routerMiddleware({ models: { small, large }, route: byPhase({ plan: "large", act: "small", recover: "large" }) }),
    budgetMiddleware({ usd: 20, per: "day" }),
    failures,
  ],
});
const { messages, calls, decisions } = await agent.invoke({ messages: "What is tea, and can I return it?" });
decisions.forEach(({ reason }, index) => {
  console.log(`${calls[index]!.model}: ${reason}`);
});
console.log(messages.at(-1)!.text);
await done();

// Output:
// gpt-4.1: plan: no tool has run yet for this message
// gpt-4.1-mini: act: a tool gave its result
// gpt-4.1: recover: read failed
// gpt-4.1-mini: act: a tool gave its result
// Tea is 3 EUR, and may be returned within 14 days.
