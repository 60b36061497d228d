import { check, createQualityGate } from "langgraph-multimodel";
import { cheap, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const writes = scripted("writer", (request, messages) => {
  if (!request.includes("Feedback:")) return `A sentence about "${request}".`;
  const draft = messages.findLast(({ type }) => type === "ai")?.text ?? "";
  return `${draft.replace("(scripted) ", "")}\nSource: a script, not a model`;
});

const { writer } = seats({ writer: { model: writes, price: cheap } });

/** The draft names no source; the check says so, and the writer mends it. */
export const graph = createQualityGate({
  model: writer,
  verify: check(({ answer }) =>
    answer.text.includes("Source:")
      ? { pass: true, reason: "it names a source" }
      : { pass: false, reason: "it names no source", feedback: 'End with a line that begins with "Source:".' },
  ),
});
