import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import {
  agreement,
  allOf,
  anyOf,
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byTask,
  check,
  consistency,
  createCascade,
  createEnsemble,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  firstOf,
  groundedIn,
  InvalidOptionError,
  majorityVote,
  sharedMemory,
  weighted,
  weightedVote,
} from "../../src/index.js";
import { loadRouter, trainRouter } from "../../src/learned/index.js";
import { strategyFactories } from "../../src/patterns/strategy-factories.js";
import { saying } from "../support/fakes.js";

const model = saying();
const models = { a: model, b: model };
const never = undefined as never;

/** Every place a function is taken. */
const places: Readonly<Record<string, (given: never) => unknown>> = {
  "createCascade.verify": (verify) => createCascade({ models, verify }),
  "createRouter.verify": (verify) => createRouter({ models, route: () => "a", verify }),
  "createRouter.route": (route) => createRouter({ models, route }),
  "createRouter.context": (context) => createRouter({ models, route: () => "a", context }),
  "createRouter.models.a.context": (context) => createRouter({ models: { a: { model, context } }, route: () => "a" }),
  "createQualityGate.verify": (verify) => createQualityGate({ model, verify }),
  "createEnsemble.aggregate": (aggregate) => createEnsemble({ models, aggregate }),
  "createPipeline.context": (context) => createPipeline({ stages: models, context }),
  "createPipeline.stages.a.context": (context) => createPipeline({ stages: { a: { model, context }, b: model } }),
  "createPipeline.stages.b.next": (next) => createPipeline({ stages: { a: model, b: { model, next } } }),
  "createMapReduce.plan": (plan) => createMapReduce({ plan, worker: model, reduce: model }),
  "createMapReduce.reduce": (reduce) => createMapReduce({ plan: model, worker: model, reduce }),
  "allOf[1]": (verify) =>
    allOf(
      check(() => true),
      verify,
    ),
  "anyOf[0]": (verify) =>
    anyOf(
      verify,
      check(() => true),
    ),
  check: (passes) => check(passes),
  "groundedIn.sources": (sources) => groundedIn({ sources }),
  "firstOf[1]": (route) => firstOf(() => "a", route),
  "byCapability.choose": (choose) => byCapability({ choose }),
  "byContextWindow.choose": (choose) => byContextWindow({ choose }),
  "byComplexity.detect": (detect) => byComplexity({ simple: "a" }, { detect }),
  "byTask.task": (task) => byTask({ task, table: { t: { simple: "a" } } }),
  "byTask.complexity": (complexity) => byTask({ complexity, table: { t: { simple: "a" } } }),
  "byCost.quality": (quality) => byCost({ quality, min: 0.5 }),
  "weighted.stickyBy": (stickyBy) => weighted({ a: 1 }, { stickyBy }),
  "sharedMemory.namespace": (namespace) => sharedMemory({ namespace }),
  "majorityVote.normalize": (normalize) => majorityVote({ normalize }),
  "weightedVote.normalize": (normalize) => weightedVote({ weights: { a: 1 }, normalize }),
  "agreement.normalize": (normalize) => agreement({ normalize }),
  "consistency.normalize": (normalize) => consistency({ samples: 3, normalize }),
};

describe("a strategy that was not called", () => {
  it("is known for every function of the package that makes one", () => {
    const rooms = ["routing", "verification", "aggregation", "context", "text"];
    const index = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8");
    const exported = [...index.matchAll(/export \{([^}]*)\} from "\.\/(\w+)\/[^"]+"/g)].flatMap(([, names, room]) =>
      rooms.includes(room!) ? names!.split(",").map((name) => name.trim()) : [],
    );
    const functions = exported.filter((name) => /^[a-z]/.test(name) && !name.startsWith("type "));
    const plain = ["normalizeText", "normalizeNumber", "normalizeYesNo", "readApproval", "detectComplexity", "textOf"]; // used as they are
    expect(strategyFactories.map(([maker]) => (maker as { name: string }).name).sort()).toEqual(
      functions.filter((name) => !plain.includes(name)).sort(),
    );
    for (const [maker, call] of strategyFactories) {
      const { name } = maker as { name: string };
      expect(library).toHaveProperty(name, maker);
      expect(call).toMatch(new RegExp(`^(?:\\(await )?${name}\\(`));
    }
  });

  it.each([loadRouter, trainRouter])("is known for %o, which is imported from an entry of its own", (maker) => {
    expect(() => createRouter({ models, route: maker as never })).toThrow(`call it, `);
  });

  it.each(Object.entries(places))("is refused as %s, with the way it is called", (option, build) => {
    for (const [maker, call] of strategyFactories) {
      const error = (() => {
        try {
          return build(maker as never);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(InvalidOptionError.isInstance(error)).toBe(true);
      expect((error as InvalidOptionError).option).toBe(option);
      expect(String(error)).toContain(`call it, ${call}`);
    }
  });

  /** A function of the user's own that makes a strategy: nobody can see that before it is called. */
  const own = () => () => never;
  const runs: Readonly<Record<string, () => { compile(): unknown }>> = {
    verify: () => createCascade({ models, verify: own as never }),
    "verify, within allOf": () => createQualityGate({ model, verify: allOf(own as never) }),
    route: () => createRouter({ models, route: own as never, fallback: model }),
    "route, behind a promise": () => createRouter({ models, route: (async () => own) as never, fallback: model }),
    "route, within firstOf": () => createRouter({ models, route: firstOf(own as never), fallback: model }),
    "route, within byContextWindow": () =>
      createRouter({
        models: { a: { model, contextWindow: 9_999 }, b: model },
        route: byContextWindow({ choose: own as never }),
        fallback: model,
      }),
    aggregate: () => createEnsemble({ models, aggregate: own as never, fallback: model }),
    context: () => createPipeline({ stages: models, context: own as never }),
    next: () => createPipeline({ stages: { a: { model, next: own as never }, b: model } }),
    plan: () => createMapReduce({ plan: own as never, worker: model, reduce: model }),
    reduce: () => createMapReduce({ plan: () => ["x"], worker: model, reduce: own as never }),
    normalize: () => createEnsemble({ models, aggregate: majorityVote({ normalize: own as never }), fallback: model }),
  };
  it.each(Object.entries(runs))("is refused at its first use as %s", async (_option, build) => {
    const answering = saying(...Array<string>(9).fill("answer"));
    Object.assign(model, { _generate: answering._generate.bind(answering) });
    const graph = build().compile() as { invoke(input: object): Promise<unknown> };
    const error = await graph.invoke({ messages: "Q" }).catch((thrown: unknown) => thrown);
    expect(InvalidOptionError.isInstance(error)).toBe(true);
    expect(String(error)).toContain("call it, as in judgeWith(model)");
  });

  it.each([[{}], [{ pass: true }], [42], [null], [["a"]]])(
    "is not the only fault: a route that returns %j is none",
    async (decided) => {
      const graph = createRouter({ models, route: (() => decided) as never, fallback: saying("never") }).compile();
      await expect(graph.invoke({ messages: "Q" })).rejects.toSatisfy(InvalidOptionError.isInstance);
    },
  );
});
