import { byKeyword, createCascade, createRouter, judgeWith } from "langgraph-multimodel";
import { graph as ensemble } from "./ensemble.js";
import { graph as fallback } from "./fallback.js";
import { graph as qualityGate } from "./quality-gate.js";
import { cheap, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const rate = scripted("judge", (request) =>
  request.includes("I guess") ? "It names no number.\nScore: 1" : "It names a number.\nScore: 9",
);
const { guess, judge } = seats({
  guess: { model: scripted("guesser", () => "Many, I guess."), price: cheap },
  judge: { model: rate, price: cheap },
});

/** All five patterns in one graph: wherever a model is taken, a pattern is taken too. */
export const graph = createRouter({
  models: {
    chat: fallback,
    report: qualityGate,
    count: createCascade({
      models: { guess, panel: ensemble },
      verify: judgeWith(judge, { rubric: "It names a number." }),
    }),
  },
  route: byKeyword({ count: ["count", "how many"], report: ["report", "write"], chat: [/./] }),
});
