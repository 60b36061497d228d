// The small model says how sure it is; below 0.8 the large one answers. Both answers, whether it escalated, and all tokens are
// kept. No confidence stated is no confidence.
import { createCascade, selfReported, totalTokens } from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const graph = createCascade({
  models: {
    small: await openai("gpt-4o-mini", "Canberra.\nConfidence: 95%", "Sydney? (confidence: 0.55)", "Probably Perth."),
    large: await google("gemini-2.0-flash", "Canberra.\nConfidence: 99%"),
  },
  verify: selfReported({ threshold: 0.8 }),
}).compile();

for (let run = 1; run <= 3; run++) {
  const { messages, confidence, candidates, decisions, calls } = await graph.invoke({
    messages: "The capital of Australia?",
  });
  const escalated = decisions.some(({ kind }) => kind === "escalate");
  console.log(`${messages.at(-1)!.text} ${JSON.stringify({ confidence, escalated, ...totalTokens(calls) })}`);
  for (const { name, message, verdict } of candidates) console.log(`  ${name}: ${message.text} (${verdict!.reason})`);
}
await done();

// Output:
// Canberra. {"confidence":0.95,"escalated":false,"inputTokens":55,"outputTokens":7,"totalTokens":62}
//   small: Canberra. (the model is 95 % confident, 80 % passes)
// Canberra. {"confidence":0.99,"escalated":true,"inputTokens":110,"outputTokens":14,"totalTokens":124}
//   small: Sydney? (the model is 55 % confident, 80 % passes)
//   large: Canberra. (the model is 99 % confident, 80 % passes)
// Canberra. {"confidence":0.99,"escalated":true,"inputTokens":110,"outputTokens":11,"totalTokens":121}
//   small: Probably Perth. (the model stated no confidence)
//   large: Canberra. (the model is 99 % confident, 80 % passes)
