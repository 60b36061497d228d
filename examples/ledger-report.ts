// Every run explains itself: which model answered, why, and what every call cost, judges, routers and failures included.
import { byModel, createCascade, formatReport, judgeWith, totalCost, totalTokens } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const graph = createCascade({
  models: {
    small: { model: await openai("gpt-4o-mini", failWith.server(), "It just is."), retry: { backoff: [0] } },
    large: await openai("gpt-4o", "Air scatters blue light more than red."),
  },
  verify: judgeWith(await google("gemini-2.0-flash", "Score: 2", "Score: 9")),
}).compile();
const { messages, modelUsed, calls, decisions } = await graph.invoke({ messages: "Why is the sky blue?" });

console.log(`${modelUsed}: ${messages.at(-1)!.text}`);
for (const { node, kind, chosen, reason } of decisions) console.log(`  ${node}: ${kind} ${chosen}, ${reason}`);
for (const { path, model, role, attempt, status } of calls) {
  console.log(`  ${path}: ${role} of ${model}, attempt ${attempt}: ${status}`);
}
console.log(formatReport({ calls, modelUsed }, { latency: false })); // times differ from run to run
console.log(totalTokens(calls), totalCost(calls)!.toFixed(6), byModel(calls)["gpt-4o-mini"]!.failed);

const unpriced = calls.map((call) => (call.model === "gpt-4o" ? { ...call, costUsd: null } : call));
console.log(totalCost(unpriced), totalCost(unpriced, { unknown: "ignore" })!.toFixed(6)); // an unknown price is never 0
await done();

// Output:
// large: Air scatters blue light more than red.
//   verifier: escalate large, the judge gave 2 of 10, 7 passes
//   verifier: accept large, last tier, not judged
//   small: answer of gpt-4o-mini, attempt 1: error
//   small: answer of gpt-4o-mini, attempt 2: ok
//   verifier: judge of gemini-2.0-flash, attempt 1: ok
//   large: answer of gpt-4o, attempt 1: ok
//   model             calls    %  failed  tokens in  out  cost USD    %
//   gpt-4o-mini           2   50       1          5    3  0.000003    2
//   gemini-2.0-flash      1   25       0         92    2  0.000010    8
// → gpt-4o                1   25       0          5   10  0.000112   90
//   total                 4  100       1        102   15  0.000125  100
// → gave the answer
// { inputTokens: 102, outputTokens: 15, totalTokens: 117 } 0.000125 1
// null 0.000013
