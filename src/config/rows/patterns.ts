import { z } from "zod";
import {
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
} from "../../index.js";
import { aggregate } from "./aggregate.js";
import { context } from "./context.js";
import { count, fields, modelName as model, named, oneOf, text, weights } from "./fields.js";
import { answers, decides } from "./part.js";
import { pattern } from "./pattern.js";
import { route } from "./route.js";
import { keysOf, none } from "./row.js";
import { stages } from "./stages.js";
import { verify } from "./verify.js";

/** Models by name, or a record of node names to them. */
const models = oneOf("write a list of models ([fast, strong]), or nodes with the model of each ({ first: fast })", [
  z.array(model).min(1),
  named(model),
]);

const onUnverified = z
  .enum(["accept", "escalate", "throw"])
  .optional()
  .describe("What a judge that cannot be asked means: accept (the default), escalate or throw");

/** What keeps a model beyond one tool loop. */
const affinity = fields({
  by: z.enum(["thread", "sessionId"]),
  idleMs: z.number().positive().optional().describe("Milliseconds"),
}).optional();

/** The patterns a file can hold. */
export const patterns = [
  pattern({
    key: "router",
    options: {
      models,
      route: route.schema,
      verify: verify.schema.optional(),
      onUnverified,
      fallback: model.optional(),
      context: context.schema.optional(),
      affinity,
    },
    models: { models: answers, fallback: answers },
    targets: none,
    build: (options) => createRouter(options),
    docs: "one model, which `route` chooses",
  }),
  pattern({
    key: "cascade",
    options: {
      models,
      verify: verify.schema,
      fallback: model.optional(),
      onUnverified,
      judgeLast: z.boolean().optional(),
    },
    models: { models: answers, fallback: answers },
    targets: none,
    build: (options) => createCascade(options),
    docs: "one after another, until `verify` passes an answer",
  }),
  pattern({
    key: "fallback",
    options: { models, defaultResponse: text.optional() },
    models: { models: answers },
    targets: none,
    build: (options) => createFallback(options),
    docs: "one after another, until one answers",
  }),
  pattern({
    key: "ensemble",
    options: {
      models,
      aggregate: aggregate.schema,
      minimum: count.optional(),
      stopEarly: z.boolean().optional(),
      fallback: model.optional(),
      defaultResponse: text.optional(),
    },
    models: { models: answers, fallback: answers },
    targets: none,
    build: (options) => createEnsemble(options),
    docs: "all at once; `aggregate` makes one answer",
  }),
  pattern({
    key: "qualityGate",
    options: {
      model,
      verify: verify.schema,
      maxRevisions: z.number().int().nonnegative().optional(),
      onUnverified,
      fallback: model.optional(),
    },
    models: { model: answers, fallback: answers },
    targets: none,
    build: (options) => createQualityGate(options),
    docs: "one model, which revises until `verify` passes",
  }),
  pattern({
    key: "pipeline",
    options: { stages: stages.schema, context: context.schema.optional(), answer: text.optional() },
    models: {},
    targets: none,
    build: (options) => createPipeline(options),
    docs: "stages, each after the one before",
  }),
  pattern({
    key: "mapReduce",
    options: { plan: model, worker: model, reduce: model, maxItems: count.optional(), concurrency: count.optional() },
    models: { plan: decides, worker: answers, reduce: answers },
    targets: none,
    build: (options) => createMapReduce(options),
    docs: "`plan` divides the question, `worker` answers each part, `reduce` joins them",
  }),
  pattern({
    key: "experiment",
    options: { models, weights, stickyBy: text.optional(), fallback: model.optional(), affinity },
    models: { models: answers, fallback: answers },
    targets: ({ weights: nodes }) => keysOf(nodes, "weights"),
    build: (options) => createExperiment(options),
    docs: "one model by chance, as `weights` say",
  }),
] as const;
