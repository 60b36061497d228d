// A question goes to a model, or to a model with the tools of an MCP server, each with those it was granted. The server is a
// process of its own that is spoken to over stdio; `{ transport: "http", url }` is the same over HTTP.
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { createAgent } from "langchain";
import { byKeyword, createRouter, firstOf } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const args = ["--import", "tsx", "examples/support/mcp-server.ts"];
const mcp = new MultiServerMCPClient({ shop: { transport: "stdio", command: process.execPath, args } });
const tools = await mcp.getTools();
const granted = (...names: readonly string[]) => tools.filter(({ name }) => names.includes(name));

const asking = { toolCalls: [{ name: "price", args: { article: "tea" } }] };
const buying = { toolCalls: [{ name: "order", args: { article: "tea" } }] };
const adviser = await openai("gpt-4o-mini", asking, "Tea is 4 EUR.");
const buyer = await google("gemini-2.5-pro", buying, "One tea is ordered.");

const graph = createRouter({
  models: {
    advice: createAgent({ model: adviser, tools: granted("price", "clock") }),
    purchase: createAgent({ model: buyer, tools: granted("price", "order") }),
    chat: await openai("gpt-4.1-nano", "Good morning!"),
  },
  route: firstOf(byKeyword({ purchase: ["order", "buy"], advice: ["cost", "price"] }), () => "chat"),
}).compile();

for (const question of ["Hello!", "What does tea cost?", "Please order one tea."]) {
  const { route, messages } = await graph.invoke({ messages: question });
  console.log(`${route}: ${messages.at(-1)!.text}`);
}
console.log(`the shop's order book: ${await granted("orders")[0]!.invoke({})}`);
await mcp.close();
await done();

// Output:
// chat: Good morning!
// advice: Tea is 4 EUR.
// purchase: One tea is ordered.
// the shop's order book: tea
