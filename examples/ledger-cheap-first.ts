// What it saves to ask the small model where it will do: 80 of 100 questions of 1,000 tokens each way, at list prices.
import { byComplexity, createRouter, savings, totalCost } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const answer = { text: "Done.", usage: { inputTokens: 1_000, outputTokens: 1_000 } };
const graph = createRouter({
  models: { small: await openai("gpt-4o-mini", answer), strong: await openai("gpt-4o", answer) },
  route: byComplexity({ simple: "small", complex: "strong" }),
}).compile();

const questions = [
  ...Array<string>(80).fill("When was it built?"),
  ...Array<string>(20).fill("Compare the two offers."),
];
const runs = await Promise.all(questions.map((messages) => graph.invoke({ messages })));
const calls = runs.flatMap((run) => run.calls);

const { againstUsd, savedPercent } = savings(calls, { against: "gpt-4o" });
const perThousand = (usd: number | null) => `$${(10 * usd!).toFixed(2)}`;
console.log(`always gpt-4o: ${perThousand(againstUsd)} per 1,000 questions`);
console.log(`small first:   ${perThousand(totalCost(calls))}, ${savedPercent!.toFixed(1)} % saved`);
await done();

// Output:
// always gpt-4o: $12.50 per 1,000 questions
// small first:   $3.10, 75.2 % saved
