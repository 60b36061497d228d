import { HumanMessage } from "@langchain/core/messages";
import { check, createQualityGate } from "langgraph-multimodel";
import { cheap, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const task = "Check your answer. Close with CORRECT, or WRONG and what must change.";

const miscounts = scripted("counter", (request, messages) => {
  const question = messages.findLast(
    ({ type, text }) => type === "human" && !/^Feedback:|CORRECT, or WRONG/m.test(text),
  )!.text;
  const words = question.match(/\S+/g)?.length ?? 0;
  const said = messages.findLast(({ type }) => type === "ai")?.text ?? "";
  if (request === task) return said.includes(`${words} words`) ? "CORRECT" : `WRONG, there are ${words}`;
  return `There are ${request.includes("Feedback:") ? words : words + 1} words.`;
});

const { counter } = seats({ counter: { model: miscounts, price: cheap } });

/** The model counts the words of the question, and miscounts; asked to check its own answer, it notices and mends it. */
export const graph = createQualityGate({
  model: counter,
  verify: check(async ({ messages, answer, ask }) => {
    const { text } = await ask([...messages, answer, new HumanMessage(task)]);
    return { pass: /\bCORRECT\W*$/.test(text), reason: text, feedback: text };
  }),
});
