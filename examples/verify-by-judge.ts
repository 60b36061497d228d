// Another model rates the answer; the larger model is asked only for what is not good enough. Judge with a model of another family.
import { createCascade, judgeWith } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const judge = await google("gemini-2.0-flash", "It omits scattering.\nScore: 2", "Complete.\nScore: 5/5");
const graph = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "Because of the sea."),
    large: await openai("gpt-4o", "Air scatters blue light more than red."),
  },
  verify: judgeWith(judge, { scale: [0, 5], threshold: 4, rubric: "Names the cause, in one sentence." }),
  judgeLast: true, // the last answer is returned whatever the judge says; it is rated for the record
}).compile();

const { messages, modelUsed, confidence, candidates } = await graph.invoke({ messages: "Why is the sky blue?" });
for (const { name, message, verdict } of candidates) {
  console.log(`${name}: ${message.text} -> ${verdict!.reason}`);
}
console.log(`${modelUsed}, ${confidence}: ${messages.at(-1)!.text}`);
await done();

// Output:
// small: Because of the sea. -> the judge gave 2 of 5, 4 passes
// large: Air scatters blue light more than red. -> the judge gave 5 of 5, 4 passes
// large, 1: Air scatters blue light more than red.
