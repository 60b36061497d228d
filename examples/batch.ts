// Many questions, answered as they are read: rows as they come, a failure as a row, and a second try that runs only what is missing.
import { type BatchRow, createFallback, runBatch } from "langgraph-multimodel";
import { done, openai } from "./support/chat.js";

const graph = createFallback({
  models: { small: { model: await openai("gpt-4o-mini", "4", { error: { kind: "server" } }, "42"), retry: false } },
});
async function* questions() {
  yield "What is 2 + 2?";
  yield { id: "b", prompt: "What is 3 * 6?" };
  yield { id: "c", prompt: "What is 6 * 7?" };
}

const first: BatchRow[] = [];
for await (const row of runBatch({ graph, inputs: questions(), concurrency: 1, budget: 0.5 })) {
  first.push(row);
  console.log(row.id, row.text ?? row.error?.name);
}
console.log("again:");
for await (const { id, text, calls, earlierCalls = [] } of runBatch({ graph, inputs: questions(), done: first }))
  console.log(id, text, `after ${earlierCalls.length} failed, ${calls.length} more`);
await done();

// Output:
// 1 4
// b AllModelsFailedError
// c 42
// again:
// b 42 after 1 failed, 1 more
