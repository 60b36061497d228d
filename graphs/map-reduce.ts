import { createMapReduce } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const outline = scripted(
  "planner",
  (topic) => `here is the outline:\n1. What is ${topic}?\n2. Why ${topic}?\n3. What next?`,
);
const facts = scripted("researcher", (item) => `Some facts on "${item}".`);
const report = scripted("editor", (topic, messages) => {
  const parts = messages[0]?.text.match(/<section /g)?.length ?? 0;
  return `A report on ${topic} in ${parts} parts.`;
});

const { planner, researcher, editor } = seats({
  planner: { model: outline, price: dear },
  researcher: { model: facts, price: cheap, systemPrompt: "You research one section of a report." },
  editor: { model: report, price: dear },
});

/** A research workflow: the outline by one model, a call a section by a cheap one, all at once, and the report by a third. */
export const graph = createMapReduce({ plan: planner, worker: researcher, reduce: editor });
