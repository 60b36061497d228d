// createQualityGate: the model mends its own answer, told what is wrong with it, before a larger one is asked.
import { createQualityGate, judgeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const drafts = [
  "Rain.",
  "Rain on the tin roof.",
  "Rain on the tin roof,\nthe cat counts every drop twice,\nthen falls asleep.",
];
const reviews = ["One line is no haiku.\nScore: 2", "Still one line.\nScore: 3", "Lovely.\nScore: 9"];
const graph = createQualityGate({
  model: await openai("gpt-4o-mini", ...drafts),
  verify: judgeWith(await google("gemini-2.0-flash", ...reviews), { rubric: "A haiku in three lines." }),
  maxRevisions: 2,
  fallback: await openai("gpt-4o", "Never asked here."),
}).compile();

const { messages, modelUsed, verdict, decisions } = await graph.invoke({ messages: "Write a haiku about rain." });
console.log(messages.at(-1)!.text);
console.log(modelUsed, verdict!.score);
for (const { kind, chosen, reason } of decisions) console.log(`  ${kind} ${chosen}: ${reason}`);
await done();

// Output:
// Rain on the tin roof,
// the cat counts every drop twice,
// then falls asleep.
// revise 0.9
//   revise revise: the judge gave 2 of 10, 7 passes
//   revise revise: the judge gave 3 of 10, 7 passes
//   accept revise: the judge gave 9 of 10, 7 passes
