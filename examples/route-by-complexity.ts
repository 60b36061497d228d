// Easy questions go to the small model, hard ones to the large one. How hard they are is detected by a rule of thumb that costs
// nothing, said by a model, or given by the caller, who knows best.
import { byComplexity, createRouter, detectComplexity } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const models = { small: await openai("gpt-4o-mini", "Paris."), large: await openai("gpt-4o", "It depends ...") };
const levels = { simple: "small", complex: "large" } as const;
const byRule = createRouter({ models, route: byComplexity(levels) }).compile();

for (const question of ["What is the capital of France?", "Compare the two contracts and evaluate the risks."]) {
  const { route, decisions } = await byRule.invoke({ messages: question });
  console.log(`${question} -> ${route} (${decisions[0]!.reason})`);
}

const own = byComplexity(levels, {
  detect: (turn) => (turn.messages.at(-1)!.text.includes("dose") ? "critical" : detectComplexity(turn)),
});
console.log((await createRouter({ models, route: own }).compile().invoke({ messages: "What dose?" })).route);

const judge = await openai("gpt-4.1-nano", "critical");
const byModel = createRouter({ models, route: byComplexity(levels, { detect: judge }) }).compile();
const asked = await byModel.invoke({ messages: "May I take both of these medicines?" });
console.log(`${asked.route} (${asked.decisions[0]!.reason})`);

const given = await byModel.invoke({ messages: "May I take both?" }, { context: { complexity: "simple" } });
console.log(`${given.route} (${given.decisions[0]!.reason}), calls: ${given.calls.length}`);
await done();

// Output:
// What is the capital of France? -> small (simple: it is a short question)
// Compare the two contracts and evaluate the risks. -> large (complex: "compare" is in it)
// large
// large (critical, which has no model, so complex: the classifier said "critical")
// small (simple: given by the run context), calls: 1
