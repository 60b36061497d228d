// Loads every entry of the built package both ways and runs one graph: `node scripts/smoke-node.mjs` on any Node we support.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";

const require = createRequire(import.meta.url);
const { exports } = require("langgraph-multimodel/package.json");
const entries = Object.keys(exports).filter((entry) => !entry.endsWith(".json"));
for (const entry of entries) {
  const name = entry.replace(".", "langgraph-multimodel");
  assert.deepEqual(Object.keys(require(name)).sort(), Object.keys(await import(name)).sort(), name);
}
console.log(
  `Node ${process.version}: ${entries.length} entries load as ES modules and as CommonJS, with the same names`,
);
for (const [format, library] of [
  ["ES module", await import("langgraph-multimodel")],
  ["CommonJS", require("langgraph-multimodel")],
]) {
  const primary = fakeModel().alwaysThrow(Object.assign(new Error("down"), { status: 401 }));
  const graph = library
    .createFallback({ models: { primary, backup: fakeModel().respond(new AIMessage("here")) } })
    .compile();
  const { messages, modelUsed, calls } = await graph.invoke({ messages: "Anybody there?" });
  assert.equal(messages.at(-1).text, "here");
  assert.equal(modelUsed, "backup");
  assert.deepEqual(
    calls.map(({ status }) => status),
    ["error", "ok"],
  );
  console.log(`Node ${process.version}, ${format}: ${modelUsed} answered after ${calls.length} calls`);
}
