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
import { answering, type Built, type Fields, judging, optional, recordOf } from "./field.js";
import { count, fields, text, weights } from "./fields.js";
import { models } from "./models.js";
import { route } from "./route.js";
import { row } from "./row.js";
import { stages } from "./stages.js";
import { verify } from "./verify.js";

const fallback = optional(answering);
const defaultResponse = text.optional();

const onUnverified = z
  .enum(["accept", "escalate", "throw"])
  .optional()
  .describe("What a judge that cannot be asked means: accept (the default), escalate or throw");

/** What keeps a model beyond one tool loop. */
const affinity = fields({
  by: z.enum(["thread", "sessionId"]),
  idleMs: z.number().positive().optional().describe("Milliseconds"),
}).optional();

/** A pattern: its name in a file, the options of its factory, and what it does with models. */
function pattern<const Name extends string, const Options extends Fields>(
  name: Name,
  { options, build, docs }: { options: Options; build: (options: Built<Options>) => unknown; docs: string },
) {
  return row({
    fields: { pattern: z.literal(name), description: text.optional(), ...options },
    build: ({ pattern: _, description: __, ...built }) => build(built as unknown as Built<Options>),
    docs,
  });
}

/** The patterns a file can hold. */
export const patterns = [
  pattern("router", {
    options: {
      models,
      route,
      verify: optional(verify),
      onUnverified,
      fallback,
      context: optional(context),
      affinity,
    },
    build: (options) => createRouter(options),
    docs: "one model, which `route` chooses",
  }),
  pattern("cascade", {
    options: { models, verify, fallback, onUnverified, judgeLast: z.boolean().optional() },
    build: (options) => createCascade(options),
    docs: "one after another, until `verify` passes an answer",
  }),
  pattern("fallback", {
    options: { models, defaultResponse },
    build: (options) => createFallback(options),
    docs: "one after another, until one answers",
  }),
  pattern("ensemble", {
    options: {
      models,
      aggregate,
      minimum: count.optional(),
      stopEarly: z.boolean().optional(),
      fallback,
      defaultResponse,
    },
    build: (options) => createEnsemble(options),
    docs: "all at once; `aggregate` makes one answer of theirs",
  }),
  pattern("qualityGate", {
    options: {
      model: answering,
      verify,
      maxRevisions: z.number().int().nonnegative().optional(),
      onUnverified,
      fallback,
    },
    build: (options) => createQualityGate(options),
    docs: "one model, which revises its answer until `verify` passes it",
  }),
  pattern("pipeline", {
    options: { stages, context: optional(context), answer: text.optional() },
    build: (options) => createPipeline(options),
    docs: "stages, each after the one before",
  }),
  pattern("mapReduce", {
    options: {
      plan: judging,
      worker: answering,
      reduce: answering,
      maxItems: count.optional(),
      concurrency: count.optional(),
    },
    build: (options) => createMapReduce(options),
    docs: "`plan` divides the question, `worker` answers each part, `reduce` makes one answer",
  }),
  pattern("experiment", {
    options: { models, weights: recordOf(weights, { keys: "node" }), stickyBy: text.optional(), fallback, affinity },
    build: (options) => createExperiment(options),
    docs: "one model by chance, as often as `weights` say",
  }),
] as const;
