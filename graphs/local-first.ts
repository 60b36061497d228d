import { createCascade, selfReported } from "langgraph-multimodel";
import { cheap, scripted, unavailable } from "./scripted-model.js";

const local = scripted("local", (question) => {
  if (/crash/i.test(question)) throw unavailable("the local server is not running");
  return question.length < 30
    ? `A short answer to "${question}".\nConfidence: 90%`
    : `A guess at "${question}".\nConfidence: 30%`;
});
const cloud = scripted("cloud", (question) => `The cloud's answer to "${question}".`);

/** The local model answers what it is sure of within 5 s, for nothing; a guess, or a crash, sends the question to the cloud. */
export const graph = createCascade({
  models: { local: { model: local, price: { input: 0, output: 0 }, timeout: 5_000, retry: false } },
  verify: selfReported({ threshold: 0.7 }),
  fallback: { model: cloud, price: cheap },
});
