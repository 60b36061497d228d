// The model checks its own answer before anybody sees it, and mends it: no second model is needed. Without `model`, `ask` of a
// verifier asks the model that is judged. (Asking it again and comparing: `consistency`, in verify-by-agreement.ts.)
import { HumanMessage } from "@langchain/core/messages";
import { check, createQualityGate } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const task = "Check your answer, step by step. Close with a line that says CORRECT, or WRONG and what must change.";
const ownCheck = check(async ({ messages, answer, ask }) => {
  const review = await ask([...messages, answer, new HumanMessage(task)]);
  const closing = review.text.trim().split("\n").at(-1)!;
  return { pass: closing.startsWith("CORRECT"), reason: closing, feedback: review.text };
});

const model = await openai(
  "gpt-4o-mini",
  "Three books at $17 cost $41.",
  "3 * 17 = 51, not 41.\nWRONG: the product is $51.",
  "Three books at $17 cost $51.",
  "3 * 17 = 51.\nCORRECT",
);
const graph = createQualityGate({ model, verify: ownCheck, fallback: await openai("gpt-4o", "$51") }).compile();

const { messages, modelUsed, candidates, calls } = await graph.invoke({ messages: "What do 3 books at $17 cost?" });
for (const { name, message, verdict } of candidates) console.log(`${name}: ${message.text} -> ${verdict!.reason}`);
console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
console.log(calls.map(({ path, role }) => `${path} ${role}`).join(", "));
await done();

// Output:
// draft: Three books at $17 cost $41. -> WRONG: the product is $51.
// revise: Three books at $17 cost $51. -> CORRECT
// revise: Three books at $17 cost $51.
// draft answer, verifier judge, revise answer, verifier judge
