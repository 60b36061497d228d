// A screen that shows drafts as they come, and takes back each that is dropped: the cascade's first draft is not good enough.
import type { AIMessageChunk } from "@langchain/core/messages";
import { type AttemptDiscarded, check, createCascade } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const small = await openai("gpt-4o-mini", { text: "It is blue.", chunks: 2 });
const large = await openai("gpt-4o", { text: "Air scatters blue light.", chunks: 3 });
const verify = check(({ answer }) => answer.text.includes("scatter"));
const graph = createCascade({ models: { small, large }, verify }).compile();

const screen = new Map<string, string>();
const stream = await graph.stream(
  { messages: "Why is the sky blue?" },
  { streamMode: ["messages", "custom"], context: { stream: "live" } },
);
for await (const [mode, chunk] of stream) {
  if (mode === "custom") {
    const { path, messageId, reason } = chunk as AttemptDiscarded;
    console.log(`${path} is dropped (${reason}): ${JSON.stringify(screen.get(messageId!))}`);
    screen.delete(messageId!);
    continue;
  }
  const [{ id, text }] = chunk as unknown as [AIMessageChunk];
  screen.set(id!, (screen.get(id!) ?? "") + text);
}
console.log([...screen.values()]);
await done();

// Output:
// small is dropped (the check failed): "It is blue."
// [ 'Air scatters blue light.' ]
