// Routes compose: the first one that decides wins, and those after it are not asked. Free rules first, a paid classifier last.
import { byKeyword, byTokens, classifyWith, createRouter, firstOf } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const classifier = await openai("gpt-4.1-nano", "code", "No idea.");
const models = {
  chat: await openai("gpt-4o-mini", "Hello!"),
  code: { model: await openai("gpt-4o", "Use a debugger."), description: "Programming" },
  long: await openai("gpt-4.1", "In short: ..."),
};
const rules = firstOf(byKeyword({ code: ["debug"] }), byTokens({ 100: "chat" }, "long"));
const careful = firstOf(byKeyword({ code: ["debug"] }), classifyWith(classifier), () => "chat");

for (const [title, route] of Object.entries({ rules, careful })) {
  const graph = createRouter({ models, route }).compile();
  for (const question of ["Debug this", "My loop never ends", "x".repeat(800)]) {
    const { route, decisions, calls } = await graph.invoke({ messages: question });
    console.log(`${title}: ${question.slice(0, 18)} -> ${route}, ${calls.length} paid (${decisions[0]!.reason})`);
  }
}
await done();

// Output:
// rules: Debug this -> code, 1 paid ("debug" is in the question)
// rules: My loop never ends -> chat, 1 paid (no keyword is in the question; then about 5 tokens, under 100)
// rules: xxxxxxxxxxxxxxxxxx -> long, 1 paid (no keyword is in the question; then about 200 tokens, not under 100)
// careful: Debug this -> code, 1 paid ("debug" is in the question)
// careful: My loop never ends -> code, 2 paid (no keyword is in the question; then the classifier said "code")
// careful: xxxxxxxxxxxxxxxxxx -> chat, 2 paid (no keyword is in the question; then the classifier said "No idea.", which is none of the labels)
