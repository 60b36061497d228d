// Words choose the model: no model is asked who should answer, so the decision costs nothing.
import { byKeyword, createRouter, firstOf } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const graph = createRouter({
  models: {
    code: { model: await openai("gpt-4o", "Use a debugger."), systemPrompt: "You are a programmer." },
    chat: await openai("gpt-4o-mini", "Hello!"),
  },
  route: firstOf(byKeyword({ code: ["debug", "function", /```/] }), () => "chat"),
}).compile();

for (const question of ["How do I debug a loop?", "Hi there"]) {
  const { route, decisions, messages } = await graph.invoke({ messages: question });
  console.log(`${question} -> ${route}: ${messages.at(-1)!.text} (${decisions[0]!.reason})`);
}
await done();

// Output:
// How do I debug a loop? -> code: Use a debugger. ("debug" is in the question)
// Hi there -> chat: Hello! (no keyword is in the question)
