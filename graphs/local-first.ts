import { createCascade, selfReported } from "langgraph-multimodel";
import { dear, scripted, unavailable } from "./scripted-model.js";
import { seats } from "./seats.js";

const guess = scripted("local", (question) => {
  if (/crash/i.test(question)) throw unavailable("the local server is not running");
  return question.length < 30
    ? `A short answer to "${question}".\nConfidence: 90%`
    : `A guess at "${question}".\nConfidence: 30%`;
});
const { local, cloud } = seats({
  local: { model: guess, price: { input: 0, output: 0 }, timeout: 5_000, retry: false },
  cloud: { model: scripted("cloud", (question) => `The cloud's answer to "${question}".`), price: dear },
});

/** The local model answers what it is sure of within 5 s, for nothing; a guess, or a crash, sends the question to the cloud. */
export const graph = createCascade({
  models: { local },
  verify: selfReported({ threshold: 0.7 }),
  fallback: cloud,
});
