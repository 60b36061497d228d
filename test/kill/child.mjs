// Runs graphs until it is killed: jobs come as lines of JSON on stdin, what happens goes out as lines of JSON.
import { createInterface } from "node:readline";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { patternsOver } from "./patterns.mjs";

const patterns = patternsOver(process.argv[2]);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

/** Lists what the upstream charged for each saved call: its count of input tokens is the number of the request. */
async function savedRequests(saver, thread) {
  const saved = new Set();
  const visit = (value, depth) => {
    if (typeof value !== "object" || value === null || depth > 12) return;
    if (value.status === "ok" && value.usage?.inputTokens !== undefined) saved.add(value.usage.inputTokens);
    for (const each of value instanceof Map ? value.values() : Object.values(value)) visit(each, depth + 1);
  };
  for await (const { checkpoint, pendingWrites } of saver.list({ configurable: { thread_id: thread } })) {
    visit([checkpoint.channel_values, pendingWrites], 0);
  }
  return [...saved];
}

async function run({ pattern, thread, store, durability }) {
  const saver = store.startsWith("postgresql:")
    ? PostgresSaver.fromConnString(store)
    : SqliteSaver.fromConnString(store);
  const graph = patterns[pattern]().compile({ checkpointer: saver });
  const config = { configurable: { thread_id: thread }, durability };
  const exists = (await saver.getTuple(config)) !== undefined;
  const { next = [], tasks = [] } = exists ? await graph.getState(config) : {};
  const saved = await savedRequests(saver, thread);
  say({ event: "began", exists, next, tasks: tasks.length, saved });
  const state = await graph.invoke(exists ? null : { messages: `What of ${thread}?` }, config);
  const requests = state.calls.filter(({ status }) => status === "ok").map(({ usage }) => usage.inputTokens);
  say({ event: "done", text: state.messages.at(-1).text, requests, lines: state.calls.length });
  await saver.end?.();
}

createInterface({ input: process.stdin }).on("line", (line) => {
  run(JSON.parse(line)).catch((error) => say({ event: "failed", error: String(error?.stack ?? error) }));
});
say({ event: "ready" });
