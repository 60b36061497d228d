// Plan, code, review, refine: each step has the model and the temperature that suit it, and the review may send the code back.
// The result holds what every stage gave, and whether the review approved.
import { createPipeline, untilApproved } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const graph = createPipeline({
  stages: {
    plan: {
      model: await openai("gpt-4o", "1. Check the input. 2. Add."),
      systemPrompt: "Plan the work in short steps. Write no code.",
      parameters: { temperature: 0.7 },
    },
    code: {
      model: await openai("gpt-4o-mini", "(a, b) => a - b", "(a, b) => a + b"),
      systemPrompt: "Write the code of the plan, and nothing else.",
      parameters: { temperature: 0.2 },
    },
    review: {
      model: await google("gemini-2.0-flash", "Not approved: it subtracts.", "Approved."),
      systemPrompt: "Review the newest code.",
      parameters: { temperature: 0.3 },
      next: untilApproved("code"), // once it approves, the run goes on
    },
    refine: {
      model: await openai("gpt-4.1-mini", "const add = (a, b) => a + b;"),
      systemPrompt: "Refine the newest code without changing what it does. Reply with the code only.",
    },
  },
}).compile();

const { messages, outputs, verdict, decisions } = await graph.invoke({ messages: "A function that adds two numbers" });
for (const { stage, message } of outputs) console.log(`${stage}: ${message.text}`);
console.log(`approved: ${verdict?.pass}, sent back: ${decisions.filter(({ kind }) => kind === "revise").length}`);
console.log(`answer: ${messages.at(-1)!.text}`);
await done();

// Output:
// plan: 1. Check the input. 2. Add.
// code: (a, b) => a - b
// review: Not approved: it subtracts.
// code: (a, b) => a + b
// review: Approved.
// refine: const add = (a, b) => a + b;
// approved: true, sent back: 1
// answer: const add = (a, b) => a + b;
