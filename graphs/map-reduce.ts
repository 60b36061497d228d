import { createMapReduce } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";

const planner = scripted(
  "planner",
  (topic) => `here is the outline:\n1. What is ${topic}?\n2. Why ${topic}?\n3. What next?`,
);
const researcher = scripted("researcher", (item) => `Some facts on "${item}".`);
const editor = scripted("editor", (topic, messages) => {
  const parts = messages[0]?.text.match(/<section /g)?.length ?? 0;
  return `A report on ${topic} in ${parts} parts.`;
});

/** A research workflow: the outline by one model, a call a section by a cheap one, all at once, and the report by a third. */
export const graph = createMapReduce({
  plan: { model: planner, price: dear },
  worker: { model: researcher, price: cheap, systemPrompt: "You research one section of a report." },
  reduce: { model: editor, price: dear },
});
