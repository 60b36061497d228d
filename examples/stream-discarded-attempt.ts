// A stream that dies in the middle: the next model gives the whole answer under a new message id, and an event says which tokens
// are void. Never two texts glued together.
import type { AIMessageChunk } from "@langchain/core/messages";
import { createFallback } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const graph = createFallback({
  models: {
    primary: await openai("gpt-4o", failWith.cut({ text: "Air scatters blue light.", afterChunks: 2 })),
    backup: await google("gemini-2.0-flash", "Because air scatters blue light."),
  },
}).compile();

const screen = new Map<string, string>();
for await (const [mode, chunk] of await graph.stream({ messages: "Why?" }, { streamMode: ["messages", "custom"] })) {
  if (mode === "custom") {
    const { type, messageId } = chunk as { type: string; messageId: string };
    console.log(`${type}: ${JSON.stringify(screen.get(messageId))}`);
    screen.delete(messageId);
    continue;
  }
  const [{ id, text }] = chunk as unknown as [AIMessageChunk];
  screen.set(id!, (screen.get(id!) ?? "") + text);
}
console.log([...screen.values()]);
await done();

// Output:
// attempt_discarded: "Air scatters"
// [ 'Because air scatters blue light.' ]
