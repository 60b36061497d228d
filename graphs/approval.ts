import { interrupt } from "@langchain/langgraph";
import { createCascade, selfReported, type Verify } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const guess = scripted("small", (question) =>
  /\b(why|how|explain)\b/i.test(question)
    ? "It depends.\nConfidence: 30%"
    : `A short answer to "${question}".\nConfidence: 90%`,
);
const { small, large } = seats({
  small: { model: guess, price: cheap },
  large: { model: scripted("large", (question) => `A long answer to "${question}".`), price: dear },
});

/** What a person may answer, as JSON or as a word. */
const words: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

/** Asks until the answer is one. */
function approvedBy(ask: object): boolean {
  for (;;) {
    const said = words[String(interrupt(ask)).trim().toLowerCase()];
    if (said !== undefined) return said;
  }
}

const sure = selfReported({ threshold: 0.8 });
const sureOrApproved: Verify = async (turn) => {
  const verdict = await sure(turn);
  if (verdict.pass) return verdict;
  const approved = approvedBy({
    question: "May the large model be asked? Resume with true or false.",
    draft: (verdict.answer ?? turn.answer).text,
    because: verdict.reason,
  });
  return approved
    ? { ...verdict, reason: `${verdict.reason}; a person lets the large model answer` }
    : { ...verdict, pass: true, reason: "a person keeps the draft" };
};

/** What the small model is not sure of waits for a person: `true` pays the large model, `false` keeps the draft. */
export const graph = createCascade({
  models: { small },
  verify: Object.assign(sureOrApproved, { instruction: sure.instruction }),
  fallback: large,
});
