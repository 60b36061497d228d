import type { BaseMessage } from "@langchain/core/messages";
import { createPipeline, untilApproved } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const plans = scripted("planner", (request) => `A function for "${request}", and a test of it.`);
const codes = scripted("coder", (_last, messages) => {
  const code = `const f = () => "${requestOf(messages)}";`;
  return latestOf("review", messages) === undefined ? code : `${code} // tested`;
});
const reviews = scripted("reviewer", (_last, messages) => {
  const approved = latestOf("code", messages)?.includes("tested") === true;
  return { tool: "review", args: { approved, feedback: approved ? "" : "There is no test." } };
});
const refines = scripted("refiner", (_last, messages) => {
  const [first = "", ...words] = requestOf(messages).toLowerCase().split(" ");
  const name = first + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const code = (latestOf("code", messages) ?? "").replace("(scripted) ", "").replace("const f", `const ${name}`);
  return `${code}, and named after what it does`;
});

const { planner, coder, reviewer, refiner } = seats({
  planner: { model: plans, price: dear, systemPrompt: "Plan the code.", parameters: { temperature: 0.7 } },
  coder: { model: codes, price: cheap, systemPrompt: "Write the code.", parameters: { temperature: 0.2 } },
  reviewer: { model: reviews, price: dear, systemPrompt: "Review the code.", parameters: { temperature: 0.3 } },
  refiner: { model: refines, price: cheap, systemPrompt: "Refine the code." },
});

/** The review asks for a test, so the code is written twice; each stage has a model, a role and a temperature of its own. */
export const graph = createPipeline({
  stages: {
    plan: planner,
    code: coder,
    review: { ...reviewer, next: untilApproved("code") },
    refine: refiner,
  },
});

/** What the user asked last; a stage's output comes as a message that begins with its tag. */
function requestOf(messages: readonly BaseMessage[]): string {
  return messages.findLast(({ type, text }) => type === "human" && !text.startsWith("<output"))?.text ?? "";
}

/** What a stage gave last. */
function latestOf(stage: string, messages: readonly BaseMessage[]): string | undefined {
  const tag = `<output stage="${stage}">\n`;
  return messages.findLast(({ text }) => text.startsWith(tag))?.text.slice(tag.length, -"\n</output>".length);
}
