// A tool with a side effect runs once: the first agent books a seat and then breaks down; the model that takes over is shown
// the booking, and has nothing to book.
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { createFallback } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const seats: string[] = [];
const book = tool(({ name }) => `seat ${seats.push(name)} is booked for ${name}`, {
  name: "book",
  description: "Books a seat",
  schema: z.object({ name: z.string() }),
});
const booking = { toolCalls: [{ name: "book", args: { name: "Ada" } }] };
const first = await openai("gpt-4o-mini", booking, failWith.authentication());
const second = await google("gemini-2.5-flash", ({ messages }) =>
  messages.some(({ role }) => role === "tool") ? "Ada has seat 1." : booking,
);

const graph = createFallback({
  models: {
    first: createAgent({ model: first, tools: [book] }),
    second: createAgent({ model: second, tools: [book] }),
  },
}).compile();

const { messages, modelUsed, failures } = await graph.invoke({ messages: "Book a seat for Ada." });
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
console.log(`seats booked: ${seats.length}`);
for (const { name, class: kind, steps = [] } of failures)
  console.log(`${name} failed (${kind}) after: ${steps.at(-1)?.text}`);
await done();

// Output:
// second: Ada has seat 1.
// seats booked: 1
// first failed (authentication) after: seat 1 is booked for Ada
