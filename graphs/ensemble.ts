import { createEnsemble, majorityVote, normalizeNumber } from "langgraph-multimodel";
import { cheap, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const systemPrompt = 'Count the words of the question, do not answer it. Reply with "Words: " and the number.';
const counter = (name: string, error = 0) => ({
  model: scripted(name, (question) => `Words: ${(question.match(/\S+/g)?.length ?? 0) + error}`),
  price: cheap,
  systemPrompt,
});

/** Three models count the words of the question; the hasty one is always off by one, and outvoted. */
export const graph = createEnsemble({
  models: seats({ hasty: counter("hasty", 1), careful: counter("careful"), thorough: counter("thorough") }),
  aggregate: majorityVote({ normalize: normalizeNumber }),
});
