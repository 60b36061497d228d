// The fast model answers, a judge rates from 1 to 10, and below 7 the strong model answers instead. The result holds the score and
// the model. "8/10" is 8; a rating without a number has not passed, and has no score.
import { createCascade, judgeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const judge = await google(
  "gemini-2.0-flash",
  "Clear and right.\n8/10",
  "It says nothing.\nScore: 3",
  "Hard to say, really.",
);
const graph = createCascade({
  models: { fast: await openai("gpt-4o-mini", "Fourteen.", "It depends.", "Maybe.") },
  verify: judgeWith(judge),
  fallback: await openai("gpt-4o", "A full answer."),
}).compile();

for (const question of ["Half of 28?", "Is it worth it?", "Will it rain?"]) {
  const { messages, modelUsed, candidates } = await graph.invoke({ messages: question });
  const { score, reason } = candidates[0]!.verdict!;
  console.log({ answer: messages.at(-1)!.text, modelUsed, score: score === undefined ? null : 10 * score });
  console.log(`  ${reason}`);
}
await done();

// Output:
// { answer: 'Fourteen.', modelUsed: 'fast', score: 8 }
//   the judge gave 8 of 10, 7 passes
// { answer: 'A full answer.', modelUsed: 'fallback', score: 3 }
//   the judge gave 3 of 10, 7 passes
// { answer: 'A full answer.', modelUsed: 'fallback', score: null }
//   the judge gave no usable score
