// byTokens: short requests go to the cheaper model. byContextWindow: a conversation goes to the first model that can hold it.
import { byContextWindow, byTokens, createRouter } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const models = {
  fast: { model: await openai("gpt-4o-mini", "Short."), contextWindow: 8_000 },
  medium: { model: await openai("gpt-4o", "Longer."), contextWindow: 128_000 },
  powerful: { model: await google("gemini-2.0-flash", "Long."), contextWindow: 1_000_000 },
};
const budget = createRouter({ models, route: byTokens({ 500: "fast", 2000: "medium" }, "powerful") }).compile();
const window = createRouter({ models, route: byContextWindow({ answerTokens: 1_000 }) }).compile();

for (const characters of [40, 4_000, 40_000, 800_000]) {
  const messages = "x".repeat(characters);
  const [cheap, holds] = [await budget.invoke({ messages }), await window.invoke({ messages })];
  console.log(`${characters} characters`);
  console.log(`  ${cheap.route}: ${cheap.decisions.at(-1)!.reason}`);
  console.log(`  ${holds.route}: ${holds.decisions.at(-1)!.reason}`);
}
await done();

// Output:
// 40 characters
//   fast: about 10 tokens, under 500
//   fast: the conversation and its answer need about 1010 tokens; fast holds 8000
// 4000 characters
//   medium: about 1000 tokens, under 2000
//   fast: the conversation and its answer need about 2000 tokens; fast holds 8000
// 40000 characters
//   powerful: about 10000 tokens, not under 2000
//   medium: the conversation and its answer need about 11000 tokens; medium holds 128000
// 800000 characters
//   powerful: about 200000 tokens, not under 2000
//   powerful: the conversation and its answer need about 201000 tokens; powerful holds 1000000
