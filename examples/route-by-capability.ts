// A request with an image goes to a model that sees. qualityFocused does the same and otherwise takes the best: by quality, tier or price.
import { HumanMessage } from "@langchain/core/messages";
import { byCapability, createRouter, firstOf, qualityFocused } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  chat: {
    model: await openai("gpt-4o-mini", "Hello!"),
    capabilities: ["tools", "json"],
    contextWindow: 8_000,
    quality: 0.8,
  },
  sees: {
    model: await google("gemini-2.0-flash", "A red square."),
    capabilities: ["vision"],
    contextWindow: 1_000_000,
  },
} as const;
const image =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const seeing = new HumanMessage({
  content: [
    { type: "text", text: "What is this?" },
    { type: "image_url", image_url: { url: image } },
  ],
});

const able = createRouter({ models, route: firstOf(byCapability(), () => "chat") }).compile();
const best = createRouter({ models, route: qualityFocused() }).compile();

for (const graph of [able, best]) {
  for (const question of ["Hi", seeing, "x".repeat(50_000)]) {
    const { route, decisions, messages } = await graph.invoke({ messages: [question] });
    console.log(`${route}: ${messages.at(-1)!.text} (${decisions.at(-1)!.reason})`);
  }
}
await done();

// Output:
// chat: Hello! (the messages need no special capability)
// sees: A red square. (the request needs vision)
// chat: Hello! (the messages need no special capability)
// chat: Hello! (the conversation and its answer need about 1025 tokens; chat has the highest stated quality, 0.8)
// sees: A red square. (the request needs vision; the conversation and its answer need about 1028 tokens; sees is the only one left)
// sees: A red square. (the conversation and its answer need about 13524 tokens; sees is the only one left)
