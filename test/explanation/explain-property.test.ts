import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byKeyword,
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  explain,
  firstOf,
  judgeWith,
  type ModelCall,
  type ModelEntry,
  majorityVote,
  synthesizeWith,
} from "../../src/index.js";
import { keptLedger } from "../../src/ledger/kept-ledger.js";
import type { Decision } from "../../src/state/decision.js";
import { runsOf } from "../support/property-runs.js";
import { down, entry, type Provider, provider } from "./support.js";

type Fault = "none" | "open" | "window";

/** A tree of patterns, as plain data. */
type Tree =
  | { readonly kind: "model"; readonly fault: Fault }
  | { readonly kind: "map-reduce"; readonly items: number; readonly of: readonly Tree[] }
  | {
      readonly kind: "router" | "fallback" | "cascade" | "ensemble" | "gate" | "pipeline" | "experiment";
      readonly choice: number;
      readonly judged: boolean;
      readonly of: readonly Tree[];
    };

const leaf: fc.Arbitrary<Tree> = fc.record({
  kind: fc.constant("model" as const),
  fault: fc.constantFrom<Fault[]>("none", "none", "none", "open", "window"),
});
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    leaf,
    fc.record({
      kind: fc.constant("map-reduce" as const),
      items: fc.nat(2),
      of: fc.array(tie("tree"), { minLength: 2, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constantFrom("router", "fallback", "cascade", "ensemble", "gate", "pipeline", "experiment" as const),
      choice: fc.nat(2),
      judged: fc.boolean(),
      of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

interface World {
  readonly workers: Provider;
  readonly judges: Provider;
  /** Entries whose breaker is opened before the run. */
  readonly broken: ModelEntry[];
}

function build(given: Tree, world: World): ModelEntry {
  const { workers, judges } = world;
  if (given.kind === "model") {
    const { fault } = given;
    const made = entry(workers, {
      ...(fault === "open" && { breaker: { failures: 1, openMs: 3_600_000 } }),
      ...(fault === "window" && { contextWindow: 3 }),
    });
    if (fault === "open") world.broken.push(made);
    return made;
  }
  const parts = given.of.map((each) => build(each, world));
  const models = Object.fromEntries(parts.map((part, index) => [`m${index}`, part]));
  const names = Object.keys(models);
  if (given.kind === "map-reduce") {
    const plan = () => ["one", "two", "three"].slice(0, given.items);
    return { model: createMapReduce({ plan, worker: parts[0]!, reduce: parts[1]! }) };
  }
  const { kind, judged } = given;
  const chosen = names[given.choice % names.length]!;
  const judge = entry(judges);
  const verify = judged ? judgeWith(judge) : check(() => judges.answer() === "Score: 10");
  const fallback = given.choice === 1 ? { fallback: entry(workers) } : {};
  switch (kind) {
    case "router": {
      const route = judged ? byKeyword({ [chosen]: ["sky"] }) : firstOf(byKeyword({ [chosen]: ["sea"] }), () => chosen);
      return {
        model: createRouter({ models, route, ...fallback }),
      };
    }
    case "fallback":
      return { model: createFallback({ models, ...(given.choice === 2 && { defaultResponse: "Later." }) }) };
    case "cascade":
      return { model: createCascade({ models, verify, ...fallback }) };
    case "ensemble": {
      const aggregate = judged ? synthesizeWith(judge) : majorityVote();
      return {
        model: createEnsemble({ models, aggregate, stopEarly: judged ? undefined : false, ...fallback } as never),
      };
    }
    case "gate":
      return {
        model: createQualityGate({ model: parts[0]!, verify, maxRevisions: 1 + (given.choice % 2), ...fallback }),
      };
    case "pipeline":
      return { model: createPipeline({ stages: models }) };
    case "experiment": {
      const weights = Object.fromEntries(names.map((name) => [name, name === chosen ? 1 : 0]));
      return { model: createExperiment({ models, weights, ...fallback }) };
    }
  }
}

interface Ran {
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
  readonly failed: boolean;
}

/** Runs the tree, and returns what it did even if it failed. */
async function run(graph: ReturnType<typeof around>, messages: string): Promise<Ran> {
  try {
    return { ...(await graph.invoke({ messages })), failed: false };
  } catch (error) {
    const { calls = [], decisions = [] } = keptLedger(error) ?? {};
    return { calls, decisions, failed: true };
  }
}

const around = (model: ModelEntry) => createFallback({ models: { root: model } }).compile();
const question = "Why is the sky blue?";

async function worldOf(given: Tree) {
  const world: World = { workers: provider(down), judges: provider(), broken: [] };
  const graph = around(build(given, world));
  for (const broken of world.broken)
    await around(broken)
      .invoke({ messages: question })
      .catch(() => {});
  world.workers.calls = 0;
  return { ...world, graph, explanation: await explain(graph, question) };
}

/** True if the calls stand in the order in this sequence; those that run beside each other may stand in any. */
function isWithin(calls: readonly string[], order: readonly string[], isSequence: boolean): boolean {
  const left = [...order];
  return calls.every((call) => {
    const at = left.indexOf(call);
    left.splice(isSequence ? 0 : at, isSequence ? at + 1 : 1);
    return at >= 0;
  });
}

const hasParallel = (given: Tree): boolean =>
  given.kind !== "model" && (given.kind === "ensemble" || given.kind === "map-reduce" || given.of.some(hasParallel));
const pathsOf = ({ calls }: Ran) => calls.map(({ path }) => path);
const sorted = (names: readonly string[]) => names.toSorted();
/** Skips as text; seconds pass between the explanation and the run, and the length of an answer is not known before. */
const skipText = (name: string, reason: string | undefined) =>
  `${name}: ${reason?.replaceAll(/\d+ s more|about \d+ tokens/g, "")}`;
/** Models that a run skipped; not what a context left out for a model that was called. */
const skipsOf = ({ decisions, calls }: Ran) =>
  decisions
    .filter(({ kind }) => kind === "skip")
    .map(({ node, chosen, reason }) => ({ node, name: `${node.slice(0, node.lastIndexOf("/") + 1)}${chosen}`, reason }))
    .filter(
      ({ node, name }) => node !== name || calls.every(({ path }) => path !== name && !path.startsWith(`${name}/`)),
    )
    .map(({ name, reason }) => skipText(name, reason));

describe("explain beside a run", () => {
  it("names exactly the calls and skips of a run whose models answer", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (given) => {
        const { workers, graph, explanation } = await worldOf(given);
        expect(workers.calls).toBe(0);
        workers.answer = () => "Because of Rayleigh scattering.";
        const ran = await run(graph, question);
        const first = explanation.order.filter(({ otherwise }) => otherwise === undefined);
        const calls = first.filter(({ skipped }) => !skipped).map(({ name }) => name);
        expect(hasParallel(given) ? sorted(pathsOf(ran)) : pathsOf(ran)).toEqual(
          hasParallel(given) ? sorted(calls) : calls,
        );
        expect(explanation.error !== undefined).toBe(ran.failed);
        const skips = first.filter(({ skipped }) => skipped).map(({ name, reason }) => skipText(name, reason));
        for (const skip of skipsOf(ran)) expect(skips).toContain(skip);
      }),
      { numRuns: runsOf(250) },
    );
  }, 120_000);

  it("names the calls of a run whatever fails or is rejected, in their order, and bounds their cost", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.boolean()),
        async (given, up, good) => {
          const { workers, judges, graph, explanation } = await worldOf(given);
          workers.answer = () => (up.next().value ? "Because of Rayleigh scattering." : down());
          judges.answer = () => (good.next().value ? "Score: 10" : "Score: 1");
          const ran = await run(graph, question);
          const order = explanation.order.filter(({ skipped }) => !skipped).map(({ name }) => name);
          expect(pathsOf(ran).filter((path) => !order.includes(path))).toEqual([]);
          expect({
            calls: pathsOf(ran),
            order,
            within: isWithin(pathsOf(ran), order, !hasParallel(given)),
          }).toMatchObject({
            within: true,
          });
          const paid = ran.calls.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
          expect(paid).toBeLessThanOrEqual(explanation.cost.worst! + 1e-12);
        },
      ),
      { numRuns: runsOf(250) },
    );
  }, 120_000);
});
