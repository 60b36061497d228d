import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import fc from "fast-check";
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
  keepLocal,
  type Model,
  type ModelEntry,
  majorityVote,
  untilApproved,
} from "../../../src/index.js";
import { httpError } from "../../support/fakes.js";

/** A model that gives answers and failures in turn, or a pattern over such models. */
export type Spec =
  | { readonly kind: "model"; readonly turns: readonly Turn[] }
  | {
      readonly kind: Exclude<Pattern, "model">;
      readonly models: readonly Spec[];
      readonly choice: number;
      readonly isPrivate?: boolean;
    };

type Turn = "A" | "B" | "APPROVED" | "1. x\n2. y" | "" | 400 | 401 | 500 | "throws" | "aborts";
type Pattern =
  | "model"
  | "router"
  | "cascade"
  | "fallback"
  | "ensemble"
  | "gate"
  | "pipeline"
  | "map-reduce"
  | "experiment";

const turn = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Turn>("A", "B", "APPROVED", "1. x\n2. y") },
  { weight: 3, arbitrary: fc.constantFrom<Turn>("", 400, 401, 500) },
  { weight: 1, arbitrary: fc.constantFrom<Turn>("throws", "aborts") },
);
const patterns = ["router", "cascade", "fallback", "ensemble", "gate", "pipeline", "map-reduce", "experiment"] as const;

const model = fc.record({ kind: fc.constant("model" as const), turns: fc.array(turn, { minLength: 1, maxLength: 3 }) });

const pattern = (below: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> =>
  fc.record({
    kind: fc.constantFrom(...patterns),
    models: fc.array(below, { minLength: 2, maxLength: 4 }),
    choice: fc.nat(3),
    isPrivate: fc.nat(3).map((number) => number === 0),
  });

/** Patterns over models, and over patterns up to three deep. */
export const graphs: fc.Arbitrary<Spec> = pattern(
  fc.oneof(
    { weight: 5, arbitrary: model },
    {
      weight: 1,
      arbitrary: pattern(fc.oneof({ weight: 5, arbitrary: model }, { weight: 1, arbitrary: pattern(model) })),
    },
  ) as fc.Arbitrary<Spec>,
);

/** A rule that finds the question itself or a draft, and allows a part of the models. */
const privacy = keepLocal({
  detect: (text) => /[BQ]/.test(text),
  allow: ({ tags }) => tags?.includes("local") === true,
});

/** Builds the graph of a spec anew, so that every run gets the same answers. */
export function built(spec: Spec, aborting: AbortController): Model {
  if (spec.kind === "model") return new Scripted(spec.turns, aborting);
  const models = Object.fromEntries(spec.models.map((each, index) => [`m${index}`, entry(each, aborting)]));
  const names = Object.keys(models);
  const chosen = names[spec.choice % names.length]!;
  const [first, second, third = second] = spec.models.map((each) => entry(each, aborting));
  const isA = check(({ answer }) => ({ pass: answer.text === "A", feedback: "say A" }));
  const rule = spec.isPrivate ? { privacy } : {};
  switch (spec.kind) {
    case "router":
      return createRouter({ models, route: () => chosen, fallback: first!, ...rule });
    case "cascade":
      return createCascade({ models, verify: isA, ...rule });
    case "fallback":
      return createFallback({ models, ...rule });
    case "ensemble":
      return createEnsemble({ models, aggregate: majorityVote(), stopEarly: false, ...rule });
    case "gate":
      return createQualityGate({ model: first!, verify: isA, maxRevisions: spec.choice, fallback: second!, ...rule });
    case "pipeline":
      return createPipeline({
        stages: { write: first!, review: { ...second!, next: untilApproved("write") } },
        ...rule,
      });
    case "map-reduce":
      return createMapReduce({ plan: first!, worker: second!, reduce: third!, ...rule });
    case "experiment":
      return createExperiment({
        models,
        weights: Object.fromEntries(names.map((name) => [name, name === chosen ? 1 : 0])),
        ...rule,
      });
  }
}

function entry(spec: Spec, aborting: AbortController): ModelEntry {
  const model = built(spec, aborting);
  if (spec.kind !== "model") return { model };
  return {
    model,
    retry: { maxRetries: 1, backoff: [0] },
    breaker: false,
    price: { input: 1, output: 2 },
    ...(spec.turns.length > 1 && { tags: ["local"] }),
  };
}

/** Message of an abort. */
export const left = "the caller has left";

/** A chat model whose last turn repeats. */
class Scripted extends BaseChatModel {
  private calls = 0;

  constructor(
    private readonly turns: readonly Turn[],
    private readonly aborting: AbortController,
  ) {
    super({ maxRetries: 0 });
  }

  override _llmType(): string {
    return "scripted";
  }

  override async _generate(): Promise<ChatResult> {
    const turn = this.turns[Math.min(this.calls++, this.turns.length - 1)]!;
    if (turn === "throws") throw new RangeError("a bug of a client");
    if (turn === "aborts") this.aborting.abort(new Error(left));
    if (typeof turn === "number") throw httpError(turn);
    return { generations: [{ text: turn, message: new AIMessage(turn) }] };
  }
}
