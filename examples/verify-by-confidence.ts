// The model itself says how sure it is, in words or in the probabilities of its tokens: no second model is paid.
import { createCascade, logprobs, selfReported } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const large = await openai("gpt-4o", "Canberra.\nConfidence: 99%");
const stated = createCascade({
  models: { small: await openai("gpt-4o-mini", "Sydney.\nConfidence: 55%"), large },
  verify: selfReported({ threshold: 0.8 }),
});

const unsure = {
  text: "Sydney",
  logprobs: [
    { token: "Syd", logprob: -1.2 },
    { token: "ney", logprob: -0.1 },
  ],
};
const measured = createCascade({
  models: { small: { model: await openai("gpt-4.1-mini", unsure), parameters: { logprobs: true } } },
  verify: logprobs({ threshold: 0.8, reduce: "min" }),
  fallback: await openai("gpt-4.1", "Canberra."),
});

for (const graph of [stated.compile(), measured.compile()]) {
  const { messages, confidence, decisions } = await graph.invoke({ messages: "What is the capital of Australia?" });
  console.log(messages.at(-1)!.text, confidence);
  for (const { kind, chosen, reason } of decisions) console.log(`  ${kind} ${chosen}: ${reason}`);
}
await done();

// Output:
// Canberra. 0.99
//   escalate large: the model is 55 % confident, 80 % passes
//   accept large: the model is 99 % confident, 80 % passes
// Canberra. null
//   fallback fallback: lowest token probability 0.301, 0.8 passes
