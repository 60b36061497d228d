// A tool is the best judge: the answer is held against the price list of an MCP server, and no model is paid to rate it.
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { check, createCascade } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const args = ["--import", "tsx", "examples/support/mcp-server.ts"];
const mcp = new MultiServerMCPClient({ shop: { transport: "stdio", command: process.execPath, args } });
const price = (await mcp.getTools()).find(({ name }) => name === "price")!;

const graph = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "Coffee is 3 EUR."),
    large: await openai("gpt-4o", "Coffee is 7 EUR."),
  },
  verify: check(async ({ answer }) => {
    const listed = await price.invoke({ article: "coffee" });
    return { pass: answer.text.includes(`${listed} EUR`), reason: `the list says ${listed} EUR` };
  }),
}).compile();

const { messages, candidates, calls } = await graph.invoke({ messages: "What does coffee cost?" });
for (const { name, message, verdict } of candidates)
  console.log(`${name}: ${message.text} ${verdict?.pass ? "Right" : "Wrong"}, ${verdict?.reason}.`);
console.log(`${messages.at(-1)!.text} (${calls.length} calls)`);
await mcp.close();
await done();

// Output:
// small: Coffee is 3 EUR. Wrong, the list says 7 EUR.
// large: Coffee is 7 EUR. Right, the list says 7 EUR.
// Coffee is 7 EUR. (2 calls)
