import { z } from "zod";
import type { ModelEntry, Shadow, Thompson, ThompsonOptions } from "../../index.js";
import { aggregate } from "./aggregate.js";
import { budget } from "./budget.js";
import { context } from "./context.js";
import { answering, type Built, type Field, type Fields, judging, optional, recordOf, setOf } from "./field.js";
import { count, fields, named, oneOf, pause, share, text, weights } from "./fields.js";
import { library } from "./library.js";
import { placed } from "./refusal.js";
import { route } from "./route.js";
import { row } from "./row.js";
import { stages } from "./stages.js";
import { verify } from "./verify.js";

type ModelsSpec = string[] | Record<string, string>;

const nodes = recordOf(named(answering.schema), { values: answering });

/** The nodes of a pattern: a list names them after their models, a record names each node. */
const models: Field<z.ZodType<ModelsSpec>, Record<string, ModelEntry>> = {
  schema: oneOf("write a list of models ([fast, strong]), or nodes with the model of each ({ first: fast })", [
    z.array(answering.schema).min(1),
    nodes.schema,
  ]),
  build: (spec, place) =>
    nodes.build(Array.isArray(spec) ? Object.fromEntries(spec.map((name) => [name, name])) : spec, place),
  references: (spec, path) =>
    Array.isArray(spec)
      ? spec.flatMap((name, index) => answering.references(name, [...path, index]))
      : nodes.references(spec, path),
};

const fallback = optional(answering);
const seen = optional(context);
const flag = z.boolean().optional();
const some = count.optional();
const maxRevisions = z.number().int().nonnegative().optional();
const defaultResponse = text.optional();

const onUnverified = z
  .enum(["accept", "escalate", "throw"])
  .optional()
  .describe("What to do when the verifier fails: accept (the default), escalate or throw");

/** Options that keep a thread or session on one model. */
const affinity = fields({
  by: z.enum(["thread", "sessionId"]),
  idleMs: z.number().positive().optional().describe("Milliseconds"),
}).optional();

/** A model that answers beside a variant, built without tools; with `reward` of `adapt`, both answers are scored. */
const shadowEntry = setOf({
  model: judging,
  share: share.optional().describe("Share of the runs, default: 1"),
  maxWaitMs: pause.optional().describe("Milliseconds that a run waits for it after its answer, default: 10000"),
});
const shadow: Field<z.ZodType<string | z.infer<typeof shadowEntry.schema>>, ModelEntry | Shadow> = {
  schema: oneOf("name a model or graph, or write { model, share, maxWaitMs }", [judging.schema, shadowEntry.schema]),
  build: (spec, place) => {
    if (typeof spec === "string") return judging.build(spec, place);
    const { model, ...options } = shadowEntry.build(spec, place);
    return { ...model, ...options };
  },
  references: (spec, path) =>
    typeof spec === "string" ? judging.references(spec, path) : shadowEntry.references(spec, path),
};

/** Learns which variant is rewarded most. */
const adaptOptions = setOf({
  reward: verify,
  floor: share.optional().describe("Least share of each variant, default: 0.05"),
  least: count.optional().describe("Rewards of each variant before the shares leave the weights, default: 10"),
  stop: oneOf("write { confidence, margin }, or false", [
    z.literal(false),
    fields({ confidence: share.optional(), margin: share.optional() }),
  ])
    .optional()
    .describe("When the winner gets all traffic, default: { confidence: 0.95, margin: 0.01 }; false: never"),
});
const adapt: Field<typeof adaptOptions.schema, Thompson> = {
  ...adaptOptions,
  build: (spec, place) => {
    const options = adaptOptions.build(spec, place) as ThompsonOptions;
    return placed(place.path, spec, "reward", () => library.thompson(options));
  },
};

/** Makes the row of a pattern; `docs` says what it does with its models. */
function pattern<const Name extends string, const Options extends Fields>(
  name: Name,
  { options, build, docs }: { options: Options; build: (options: Built<Options>) => unknown; docs: string },
) {
  return row({
    fields: { pattern: z.literal(name), description: text.optional(), ...options, budget: optional(budget) },
    build: ({ pattern: _, description: __, ...built }) => build(built as unknown as Built<Options>),
    docs,
  });
}

/** The patterns a file can use. */
export const patterns = [
  pattern("router", {
    options: { models, route, verify: optional(verify), onUnverified, fallback, context: seen, affinity },
    build: (options) => library.createRouter(options),
    docs: "one model, which `route` chooses",
  }),
  pattern("cascade", {
    options: { models, verify, fallback, onUnverified, judgeLast: flag },
    build: (options) => library.createCascade(options),
    docs: "one after another, until `verify` passes an answer",
  }),
  pattern("fallback", {
    options: { models, fallback, defaultResponse },
    build: (options) => library.createFallback(options),
    docs: "one after another, until one answers",
  }),
  pattern("ensemble", {
    options: { models, aggregate, minimum: some, stopEarly: flag, fallback, defaultResponse },
    build: (options) => library.createEnsemble(options),
    docs: "all at once; `aggregate` makes one answer of theirs",
  }),
  pattern("qualityGate", {
    options: { model: answering, verify, maxRevisions, onUnverified, fallback },
    build: (options) => library.createQualityGate(options),
    docs: "one model, which revises its answer until `verify` passes it",
  }),
  pattern("pipeline", {
    options: { stages, context: seen, answer: text.optional() },
    build: (options) => library.createPipeline(options),
    docs: "stages, each after the one before",
  }),
  pattern("mapReduce", {
    options: { plan: judging, worker: answering, reduce: answering, maxItems: some, concurrency: some },
    build: (options) => library.createMapReduce(options),
    docs: "`plan` divides the question, `worker` answers each part, `reduce` makes one answer",
  }),
  pattern("experiment", {
    options: {
      ...{ models, weights: recordOf(weights, { keys: "node" }), stickyBy: text.optional(), fallback, affinity },
      ...{ adapt: optional(adapt), shadow: optional(shadow) },
    },
    build: (options) => library.createExperiment(options),
    docs: "one model by chance, as often as `weights` say, or more often the better it does (`adapt`); `shadow` answers unseen",
  }),
] as const;
