// The model on this machine answers what it can, for nothing; the cloud answers when it is slow, unsure or not running.
import { createCascade, selfReported } from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, ollama, openai } from "./support/chat.js";

const local = await ollama(
  "llama3.2:3b",
  "Lisbon.\nConfidence: 95%",
  "Perhaps 1,400?\nConfidence: 40%",
  failWith.hang(),
  failWith.reset(),
);
const graph = createCascade({
  models: {
    local: {
      model: local,
      price: { input: 0, output: 0 },
      timeout: 5_000, // ms for the whole answer; the request is aborted
      retry: false, // the cloud is the second attempt
    },
  },
  verify: selfReported({ threshold: 0.7 }),
  fallback: await openai("gpt-4o-mini", "In 1415.", "The Tagus.", "A custard tart."),
}).compile();

for (const question of ["Capital of Portugal?", "When did Ceuta fall?", "Which river?", "What is a pastel de nata?"]) {
  const { messages, modelUsed, decisions, calls } = await graph.invoke({ messages: question });
  console.log(`${modelUsed}: ${messages.at(-1)!.text} (${decisions.at(-1)!.reason})`);
  console.log(`  ${calls.map(({ path, status }) => `${path} ${status}`).join(", ")}`);
}
await done();

// Output:
// local: Lisbon. (the model is 95 % confident, 70 % passes)
//   local ok
// fallback: In 1415. (the model is 40 % confident, 70 % passes)
//   local ok, fallback ok
// fallback: The Tagus. (local failed: timeout)
//   local timeout, fallback ok
// fallback: A custard tart. (local failed: network)
//   local error, fallback ok
