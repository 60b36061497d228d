// The other way round: a pattern as the model of an agent. Each step of the agent starts at the small model; a step that calls
// a tool goes on as it is, an answer has to pass the verifier or is written by the large model.
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { createAgent } from "langchain";
import { asChatModel, check, createCascade } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const args = ["--import", "tsx", "examples/support/mcp-server.ts"];
const mcp = new MultiServerMCPClient({ shop: { transport: "stdio", command: process.execPath, args } });

const asking = { toolCalls: [{ name: "price", args: { article: "cocoa" } }] };
const cascade = createCascade({
  models: {
    small: await openai("gpt-4o-mini", asking, "It is cheap."),
    large: await google("gemini-2.5-pro", "Cocoa costs 5 EUR."),
  },
  verify: check(({ answer }) => /\d/.test(answer.text)),
});
const agent = createAgent({ model: asChatModel(cascade), tools: await mcp.getTools() });

const { messages } = await agent.invoke({ messages: "What does cocoa cost?" });
for (const { type, text } of messages) console.log(`${type}: ${text || "calls a tool"}`);
await mcp.close();
await done();

// Output:
// human: What does cocoa cost?
// ai: calls a tool
// tool: 5
// ai: Cocoa costs 5 EUR.
