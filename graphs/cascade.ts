import { createCascade, judgeWith } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const shrug = scripted("small", (question) =>
  /\b(why|how|explain)\b/i.test(question) ? "It depends." : `A short answer to "${question}".`,
);
const explain = scripted(
  "large",
  (question) => `A long answer to "${question}": first the cause, then the exceptions.`,
);
const rate = scripted("judge", (request) =>
  request.includes("It depends.") ? "It says nothing.\nScore: 2" : "It answers the question.\nScore: 9",
);
const { small, large, judge } = seats({
  small: { model: shrug, price: cheap },
  large: { model: explain, price: dear },
  judge: { model: rate, price: cheap },
});

/** The small model shrugs when asked to explain; the judge notices, and the large one is asked. */
export const graph = createCascade({ models: { small, large }, verify: judgeWith(judge) });
