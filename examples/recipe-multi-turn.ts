// A conversation over several turns in which each question goes to its specialist. What a specialist sees of the turns before is
// its context: all of it, the newest messages, a summary. The thread itself holds questions and answers, nothing else.
import { MemorySaver } from "@langchain/langgraph";
import {
  byKeyword,
  createRouter,
  firstOf,
  lastMessages,
  latestOnly,
  type Route,
  summarizeWith,
} from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

/** Small talk is short. */
const byLength: Route<"fast" | "general"> = ({ messages }) => (messages.at(-1)!.text.length < 50 ? "fast" : "general");

const small = await openai("gpt-4.1-nano", "They have a stack of 8-byte entries.");
const graph = createRouter({
  models: {
    code: { model: await openai("gpt-4o", "class Stack { ... }"), systemPrompt: "You write code." },
    math: { model: await google("gemini-2.0-flash", "800 bytes."), context: summarizeWith(small, { maxTokens: 10 }) },
    fast: { model: await openai("gpt-4o-mini", "You are welcome."), context: latestOnly() },
    general: await openai("gpt-4.1", "A linked list, for instance."),
  },
  route: firstOf(
    byKeyword({ code: ["code", "function", "implement", "debug"], math: ["calculate", "solve", "math", "equation"] }),
    byLength,
  ),
  context: lastMessages(5), // where an entry says nothing of its own
}).compile({ checkpointer: new MemorySaver() });

const thread = { configurable: { thread_id: "1" } };
for (const question of [
  "Implement a stack of 8-byte entries.",
  "Calculate the size of 100 of them.",
  "Thanks!",
  "What else could one take instead of a stack in such a case?",
]) {
  const { messages, calls } = await graph.invoke({ messages: question }, thread);
  console.log(`${question} -> ${messages.at(-1)!.text}`);
  console.log(`  ${calls.map(({ path, role }) => `${path} ${role}`).join(", ")}`);
}
const { values } = await graph.getState(thread);
console.log(values.messages.map(({ type }: { type: string }) => type).join(" "));
await done();

// Output:
// Implement a stack of 8-byte entries. -> class Stack { ... }
//   code answer
// Calculate the size of 100 of them. -> 800 bytes.
//   math summary, math answer
// Thanks! -> You are welcome.
//   fast answer
// What else could one take instead of a stack in such a case? -> A linked list, for instance.
//   general answer
// human ai human ai human ai human ai
