// What one run found out, the next one knows: on another thread, in another graph, and with a PostgresStore in another process.
import { InMemoryStore } from "@langchain/langgraph";
import { createPipeline, sharedMemory } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const store = new InMemoryStore();
await store.put(["team"], "style", { text: "Answer in one sentence." }); // notes of your own are shown as well

const context = sharedMemory({ namespace: "team", limit: 20 });
const research = createPipeline({
  stages: {
    find: await openai("gpt-4o", "The bridge was closed in March."),
    check: await google("gemini-2.0-flash", "Confirmed by two papers."),
  },
  context,
}).compile({ store });
const answer = createPipeline({ stages: { answer: await openai("gpt-4o-mini", "Since March.") }, context }).compile({
  store,
});

await research.invoke({ messages: "What happened to the bridge?" });
const { messages } = await answer.invoke({ messages: "Since when is it closed?" });
console.log(messages.at(-1)!.text);

for (const { value } of await store.search(["team"])) console.log(value.stage ?? "note", "-", value.text);
await done();

// Output:
// Since March.
// note - Answer in one sentence.
// find - The bridge was closed in March.
// check - Confirmed by two papers.
// answer - Since March.
