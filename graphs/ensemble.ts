import { createEnsemble, majorityVote, normalizeNumber } from "langgraph-multimodel";
import { cheap, scripted } from "./scripted-model.js";

const wordsIn = (question: string) => question.match(/\S+/g)?.length ?? 0;

/** Three models count the words of the question; the hasty one is always off by one, and outvoted. */
export const graph = createEnsemble({
  models: {
    hasty: { model: scripted("hasty", (question) => `Words: ${wordsIn(question) + 1}`), price: cheap },
    careful: { model: scripted("careful", (question) => `Words: ${wordsIn(question)}`), price: cheap },
    thorough: { model: scripted("thorough", (question) => `Words: ${wordsIn(question)}`), price: cheap },
  },
  aggregate: majorityVote({ normalize: normalizeNumber }),
});
