import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  InvalidOptionError,
  longest,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const models = { a: saying(), b: saying() };
const verify = check(() => true);
const model = saying();

/** Every option of every pattern, and one that is misspelt. */
const patterns = {
  createRouter: [
    createRouter,
    { models, route: () => "a", verify, onUnverified: "escalate", fallback: model, context: () => [] },
    { falback: model },
    "fallback",
  ],
  createCascade: [
    createCascade,
    { models, verify, fallback: model, onUnverified: "throw" },
    { onUnverifed: "accept" },
    "onUnverified",
  ],
  createFallback: [
    createFallback,
    { models, defaultResponse: "Sorry" },
    { default_response: "Sorry" },
    "defaultResponse",
  ],
  createEnsemble: [
    createEnsemble,
    { models, aggregate: longest(), minimum: 1, stopEarly: false, fallback: model, defaultResponse: "Sorry" },
    { minimun: 2 },
    "minimum",
  ],
  createQualityGate: [
    createQualityGate,
    { model, verify, maxRevisions: 1, onUnverified: "accept", fallback: model },
    { maxRevision: 3 },
    "maxRevisions",
  ],
  createPipeline: [createPipeline, { stages: models, context: () => [], answer: "a" }, { anwser: "a" }, "answer"],
  createMapReduce: [
    createMapReduce,
    { plan: model, worker: model, reduce: model, maxItems: 5, concurrency: 2 },
    { concurency: 2 },
    "concurrency",
  ],
  createExperiment: [
    createExperiment,
    { models, weights: { a: 1, b: 1 }, stickyBy: "sessionId", seed: 1 },
    { stikyBy: "sessionId" },
    "stickyBy",
  ],
} as const;

describe.each(Object.entries(patterns))("the options of %s", (name, [create, all, misspelt, meant]) => {
  const build = create as (options: object) => unknown;

  it("are all known", () => {
    expect(() => build(all)).not.toThrow();
  });

  it("are refused where one does not exist, with the nearest that does", () => {
    const [[wrong]] = Object.entries(misspelt) as [[string, unknown]];
    const refused = expect(() => build({ ...all, ...misspelt }));
    refused.toThrow(InvalidOptionError);
    refused.toThrow(new RegExp(`^${name}\\.${wrong} is .*; the options are .*; did you mean ${meant}\\?$`));
  });
});
