import { AIMessage } from "@langchain/core/messages";
import { createCascade, selfReported, type Verify } from "langgraph-multimodel";
import { review } from "./human-review.js";
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

const sure = selfReported({ threshold: 0.8 });
const sureOrApproved: Verify = async (turn) => {
  const verdict = await sure(turn);
  if (verdict.pass) return verdict;
  const { reason } = verdict;
  const action = {
    name: "ask_large_model",
    args: { draft: (verdict.answer ?? turn.answer).text },
    description: `${reason}. Approve: the large model answers. Edit: your draft is the answer. Reject: the draft is.`,
  };
  const reviewed = review(action, isDraft);
  if (reviewed.type === "approve") return { ...verdict, reason: `${reason}; a person lets the large model answer` };
  if (reviewed.type === "reject") return { ...verdict, pass: true, reason: "a person keeps the draft" };
  const answer = new AIMessage(reviewed.args.draft);
  return { ...verdict, pass: true, answer, reason: "changed by hand: a person edited the draft" };
};

const isDraft = (args: object): args is { draft: string } => typeof (args as { draft?: unknown }).draft === "string";

/** What the small model is not sure of waits for a person: approve pays the large model, edit and reject answer with a draft. */
export const graph = createCascade({
  models: { small },
  verify: Object.assign(sureOrApproved, { instruction: sure.instruction }),
  fallback: large,
});
