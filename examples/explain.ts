// Where a question would go, and what that would cost, before a cent is spent: no model below is called by `explain`.
import { byKeyword, createCascade, createRouter, explain, firstOf, judgeWith, weighted } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const small = { model: await openai("gpt-4o-mini", "42."), contextWindow: 500 };
const large = await openai("gpt-4o", "From gpt-4o.");
const judge = await google("gemini-2.0-flash", "Score: 9");

const careful = createCascade({ models: { small, large }, verify: judgeWith(judge) });
const assistant = createRouter({
  models: { careful, large },
  route: firstOf(byKeyword({ large: ["contract"] }), () => "careful"),
  fallback: judge,
});

for (const question of ["What is 6 * 7?", "Is this contract fair?", `Sum up: ${"word ".repeat(500)}`]) {
  const { route, order, cost } = await explain(assistant, question);
  console.log(
    `${question.slice(0, 30)} -> ${route}, $${cost.expected!.toFixed(5)}, at most $${cost.worst!.toFixed(3)}`,
  );
  for (const { name, skipped, otherwise, reason } of order) {
    console.log(`  ${skipped ? "skip" : otherwise ? "perhaps" : "call"} ${name}${skipped ? `: ${reason}` : ""}`);
  }
}

const trial = createRouter({ models: { small, large }, route: weighted({ small: 9, large: 1 }) });
for (const { name, share } of (await explain(trial, "What is 6 * 7?")).order) console.log(`${name}: ${share}`);
await done();

// Output:
// What is 6 * 7? -> careful, $0.00038, at most $0.682
//   call careful/small
//   call careful/verifier
//   perhaps careful/large
//   perhaps fallback
// Is this contract fair? -> large, $0.00502, at most $0.502
//   call large
//   perhaps fallback
// Sum up: word word word word wo -> careful, $0.00657, at most $0.526
//   skip careful/small: about 627 tokens do not fit its window of 500
//   call careful/large
//   perhaps fallback
// small: 0.9
// large: 0.1
