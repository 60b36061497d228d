// A long conversation goes to the dear model as a summary by a cheap one; the question itself stays word for word.
import { createPipeline, summarizeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const cheap = await google("gemini-2.0-flash", "Ann plans a trip to Oslo in May with two children; hotel booked.");
const graph = createPipeline({
  stages: { advise: await openai("gpt-4o", "Visit the Fram museum.") },
  context: summarizeWith(cheap, { maxTokens: 40 }),
}).compile();

const before = [
  {
    role: "user",
    content: "We are going to Oslo in May, with two children of six and nine. Is it warm then? ".repeat(3),
  },
  { role: "assistant", content: "About 16 degrees, long days, some rain; take a light coat for everybody. ".repeat(3) },
];
const question = { role: "user", content: "What should we see on a rainy day?" };

for (const messages of [[question], [...before, question]]) {
  const run = await graph.invoke({ messages });
  console.log(`${messages.length} messages: ${run.messages.at(-1)!.text}`);
  for (const { model, role, usage } of run.calls) console.log(`  ${model} ${role}: ${usage?.inputTokens} tokens in`);
}
await done();

// Output:
// 1 messages: Visit the Fram museum.
//   gpt-4o answer: 9 tokens in
// 3 messages: Visit the Fram museum.
//   gemini-2.0-flash summary: 204 tokens in
//   gpt-4o answer: 30 tokens in
