import { createCascade, judgeWith } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";

const small = scripted("small", (question) =>
  /\b(why|how|explain)\b/i.test(question) ? "It depends." : `A short answer to "${question}".`,
);
const large = scripted("large", (question) => `A long answer to "${question}": first the cause, then the exceptions.`);
const judge = scripted("judge", (request) =>
  request.includes("It depends.") ? "It says nothing.\nScore: 2" : "It answers the question.\nScore: 9",
);

/** The small model shrugs when asked to explain; the judge notices, and the large one is asked. */
export const graph = createCascade({
  models: { small: { model: small, price: cheap }, large: { model: large, price: dear } },
  verify: judgeWith({ model: judge, price: cheap }),
});
