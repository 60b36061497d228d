// createRouter: each request goes to the one model that suits it; an answer that is not passed goes to the fallback.
import { byKeyword, check, createRouter, firstOf } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const graph = createRouter({
  models: {
    code: { model: await openai("gpt-4o", "Use a debugger."), systemPrompt: "You are a programmer." },
    chat: await openai("gpt-4o-mini", "Hello!", ""),
  },
  route: firstOf(byKeyword({ code: ["debug", "function"] }), () => "chat"),
  verify: check(({ answer }) => answer.text.length > 3),
  fallback: await google("gemini-2.0-flash", "The spare answer."),
}).compile();

for (const question of ["Hi", "How do I debug this?", "Are you there?"]) {
  const { messages, modelUsed, decisions } = await graph.invoke({ messages: question });
  console.log(`${question} -> ${modelUsed}: ${messages.at(-1)!.text}`);
  for (const { node, kind, chosen, reason } of decisions) console.log(`  ${node}: ${kind} ${chosen}, ${reason}`);
}
await done();

// Output:
// Hi -> chat: Hello!
//   router: route chat, no keyword is in the question
//   verifier: accept chat, the check passed
// How do I debug this? -> code: Use a debugger.
//   router: route code, "debug" is in the question
//   verifier: accept code, the check passed
// Are you there? -> fallback: The spare answer.
//   router: route chat, no keyword is in the question
//   verifier: fallback fallback, chat failed: empty
