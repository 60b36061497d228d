import { ChatOpenAI } from "@langchain/openai";
import {
  createCascade,
  createEnsemble,
  createMapReduce,
  createPipeline,
  judgeWith,
  synthesizeWith,
} from "../../dist/esm/index.js";

/** Graphs to kill, uncompiled, over the upstream at `url`. */
export function patternsOver(url) {
  const ask = (model) => ({
    model: new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: url } }),
    retry: false,
  });
  const cascade = () =>
    createCascade({
      models: { small: ask("small"), medium: ask("medium"), large: ask("large") },
      verify: judgeWith(ask("judge")),
    });
  const ensemble = () =>
    createEnsemble({
      models: { one: ask("one"), two: ask("two"), three: ask("three") },
      aggregate: synthesizeWith(ask("writer")),
    });
  return {
    cascade,
    ensemble,
    pipeline: () => createPipeline({ stages: { plan: ask("plan"), write: ask("write"), polish: ask("polish") } }),
    mapReduce: () =>
      createMapReduce({ plan: ask("planner"), worker: ask("worker"), reduce: ask("reducer"), concurrency: 4 }),
    nested: () => createPipeline({ stages: { draft: cascade(), discuss: ensemble(), publish: ask("publish") } }),
  };
}
