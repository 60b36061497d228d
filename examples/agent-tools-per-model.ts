// Each model of a router has the tools it is trusted with: the small one may look, only the large one may write.
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { byKeyword, createRouter, firstOf } from "langgraph-multimodel";
import { z } from "zod";
import { done, google, openai } from "./support/chat.js";

const diary = new Map([["Monday", "dentist"]]);
const read = tool(({ day }) => diary.get(day) ?? "nothing", {
  name: "read",
  description: "What the diary holds for a day",
  schema: z.object({ day: z.string() }),
});
const write = tool(({ day, entry }) => `${diary.set(day, entry).size} entries`, {
  name: "write",
  description: "Writes an entry into the diary",
  schema: z.object({ day: z.string(), entry: z.string() }),
});

const reading = { toolCalls: [{ name: "read", args: { day: "Monday" } }] };
const writing = { toolCalls: [{ name: "write", args: { day: "Friday", entry: "swim" } }] };
const small = await openai("gpt-4o-mini", reading, "On Monday you see the dentist.");
const large = await google("gemini-2.5-pro", writing, "Swimming is in your diary.");

const graph = createRouter({
  models: {
    reader: createAgent({ model: small, tools: [read] }),
    writer: createAgent({ model: large, tools: [read, write] }),
  },
  route: firstOf(byKeyword({ writer: ["enter", "note", "change"] }), () => "reader"),
}).compile();

for (const question of ["What is on Monday?", "Please enter: swim on Friday"]) {
  const { route, messages } = await graph.invoke({ messages: question });
  console.log(`${route}: ${messages.at(-1)!.text}`);
}
console.log([...diary].map(([day, entry]) => `${day} ${entry}`).join(", "));
await done();

// Output:
// reader: On Monday you see the dentist.
// writer: Swimming is in your diary.
// Monday dentist, Friday swim
