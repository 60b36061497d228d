import { byKeyword, createCascade, createRouter, judgeWith } from "langgraph-multimodel";
import { graph as ensemble } from "./ensemble.js";
import { graph as fallback } from "./fallback.js";
import { graph as qualityGate } from "./quality-gate.js";
import { cheap, scripted } from "./scripted-model.js";

const guesser = scripted("guesser", () => "Many, I guess.");
const judge = scripted("judge", (request) =>
  request.includes("I guess") ? "It names no number.\nScore: 1" : "It names a number.\nScore: 9",
);

/** All five patterns in one graph: wherever a model is taken, a pattern is taken too. */
export const graph = createRouter({
  models: {
    chat: fallback,
    report: qualityGate,
    count: createCascade({
      models: { guess: { model: guesser, price: cheap }, panel: ensemble },
      verify: judgeWith({ model: judge, price: cheap }),
    }),
  },
  route: byKeyword({ count: ["count", "how many"], report: ["report", "write"], chat: [/./] }),
});
