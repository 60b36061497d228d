// A specialist for each kind of task, with a system prompt of its own; whoever answered, one editor gives all answers one voice.
import { classifyWith, createPipeline, createRouter } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const small = await openai("gpt-4o-mini", "CODE", "MATH", "CREATIVE", "GENERAL");
const specialist = createRouter({
  models: {
    coder: { model: await openai("gpt-4o", "Use a Set."), systemPrompt: "You are a programmer. Reply with code." },
    solver: { model: await google("gemini-2.0-flash", "x = 3"), systemPrompt: "You calculate, step by step." },
    writer: { model: await openai("gpt-4.1", "Rain, again."), systemPrompt: "You are a poet." },
    helper: { model: await openai("gpt-4.1-mini", "Lisbon."), systemPrompt: "You answer in a sentence." },
  },
  route: classifyWith(small, { labels: { CODE: "coder", MATH: "solver", CREATIVE: "writer", GENERAL: "helper" } }),
});
const merge = {
  model: await openai("gpt-4.1-nano", "Try a Set!", "It is 3!", "Rain, again!", "That is Lisbon!"),
  systemPrompt: "Give the user what the specialist found, in a friendly tone. Change no fact.",
};
const graph = createPipeline({ stages: { specialist, merge } }).compile();

for (const question of ["Remove duplicates?", "Solve 2x = 6", "A poem, please", "Capital of Portugal?"]) {
  const { messages, outputs, decisions } = await graph.invoke({ messages: question });
  const { label, chosen } = decisions[0]!;
  console.log(`[${label}] ${chosen}: ${outputs[0]!.message.text} -> ${messages.at(-1)!.text}`);
}
await done();

// Output:
// [CODE] coder: Use a Set. -> Try a Set!
// [MATH] solver: x = 3 -> It is 3!
// [CREATIVE] writer: Rain, again. -> Rain, again!
// [GENERAL] helper: Lisbon. -> That is Lisbon!
