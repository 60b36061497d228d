// A verifier is a function of the turn that returns a verdict. It may ask a model, mend the answer, and say what the model must add.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { createCascade, type Verify } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

/** Asks the judged model for the sources it named, and passes an answer that has at least `need` of them. */
function hasSources(need: number): Verify {
  const verify: Verify = async ({ messages, answer, ask }) => {
    const again = new HumanMessage("List the sources of your answer, one a line. Nothing else.");
    const sources = (await ask([...messages, answer, again])).text.split("\n").filter((line) => line.startsWith("- "));
    return {
      pass: sources.length >= need,
      score: Math.min(1, sources.length / need),
      threshold: 1,
      reason: `${sources.length} of ${need} sources`,
      answer: new AIMessage(`${answer.text}\n${sources.join("\n")}`), // replaces the judged one
    };
  };
  return Object.assign(verify, { instruction: "Name your sources." });
}

const graph = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "In 1815.", "I have none."),
    large: await openai("gpt-4o", "In December 1815.", "- title page\n- a letter of the author"),
  },
  verify: hasSources(2),
  judgeLast: true, // it asks a model, and the last answer is to be mended, too
}).compile();
const { messages, confidence, decisions, calls } = await graph.invoke({ messages: "When was Emma published?" });
console.log(messages.at(-1)!.text, confidence);
console.log(decisions.map(({ kind, chosen, reason }) => `${kind} ${chosen}: ${reason}`));
console.log(calls.map(({ role, model }) => `${role} ${model}`));
await done();

// Output:
// In December 1815.
// - title page
// - a letter of the author 1
// [ 'escalate large: 0 of 2 sources', 'accept large: 2 of 2 sources' ]
// [
//   'answer gpt-4o-mini',
//   'judge gpt-4o-mini',
//   'answer gpt-4o',
//   'judge gpt-4o'
// ]
