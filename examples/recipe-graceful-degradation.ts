// Less and less instead of nothing: all answers, then the answers that came, then one single model, then a fixed sentence.
import { createEnsemble, longest } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const down = failWith.server({ status: 503 });
const once = { retry: false } as const; // three models at once are the second attempt already
const graph = createEnsemble({
  models: {
    mini: { model: await openai("gpt-4o-mini", "Paris", "Paris", down), ...once },
    flash: { model: await google("gemini-2.0-flash", "Paris.", down), ...once },
    nano: { model: await openai("gpt-4.1-nano", "paris", "Paris, on the Seine", down), ...once },
  },
  aggregate: longest(),
  minimum: 2,
  fallback: { model: await openai("gpt-4o", "Paris, I believe", down), ...once },
  defaultResponse: "No response available",
}).compile();

for (let run = 1; run <= 4; run++) {
  const { messages, modelUsed, confidence, aggregate, decisions } = await graph.invoke({
    messages: "The capital of France?",
  });
  console.log(
    `${run}. ${messages.at(-1)!.text} (${modelUsed}, ${aggregate?.agreement ?? "-"}, confidence ${confidence})`,
  );
  for (const { kind, chosen, reason } of decisions) console.log(`   ${kind} ${chosen}: ${reason}`);
}
await done();

// Output:
// 1. Paris. (flash, full, confidence 1)
//    vote flash: all answers are equal
// 2. Paris, on the Seine (nano, partial, confidence 0.7)
//    vote nano: the longest of 2 answers
// 3. Paris, I believe (fallback, -, confidence null)
//    fallback fallback: 0 of 3 lanes answered, 2 are needed
// 4. No response available (default_response, -, confidence 0)
//    fallback fallback: 0 of 3 lanes answered, 2 are needed
//    fallback default_response: fallback failed: server
