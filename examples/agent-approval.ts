// An agent that asks before it acts pauses the whole pattern, wherever in it the agent is; the answer of a person goes on
// from there, and nothing that was paid before is asked again.
import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { createAgent, humanInTheLoopMiddleware } from "langchain";
import { createFallback } from "langgraph-multimodel";
import { z } from "zod";
import { done, openai } from "./support/chat.js";

const sent: string[] = [];
const send = tool(({ to }) => `letter ${sent.push(to)} is on its way`, {
  name: "send",
  description: "Sends a letter",
  schema: z.object({ to: z.string() }),
});
const model = await openai("gpt-4o-mini", { toolCalls: [{ name: "send", args: { to: "Ada" } }] }, "The letter is out.");
const clerk = createAgent({
  model,
  tools: [send],
  middleware: [humanInTheLoopMiddleware({ interruptOn: { send: true } })],
});
const graph = createFallback({ models: { clerk, spare: await openai("gpt-4o", "never asked") } }).compile({
  checkpointer: new MemorySaver(),
});

const thread = { configurable: { thread_id: "1" } };
const paused = await graph.invoke({ messages: "Write to Ada." }, thread);
console.log("__interrupt__" in paused ? "paused before the letter is sent" : "not paused", sent);
const approved = new Command({ resume: { decisions: [{ type: "approve" }] } });
const { messages, calls } = await graph.invoke(approved as never, thread);
console.log(messages.at(-1)!.text, sent, `${calls.length} calls`);
await done();

// Output:
// paused before the letter is sent []
// The letter is out. [ 'Ada' ] 2 calls
