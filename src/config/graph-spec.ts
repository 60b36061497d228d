import { z } from "zod";
import { count, fields, modelName as model, named, oneOf, text } from "./fields.js";
import { Parameters } from "./models/parameters.js";
import { AggregateSpec, ContextSpec, RouteSpec, VerifySpec } from "./strategy-spec.js";

/** Graphs within one another; more are a mistake, or a joke. */
export const deepest = 50;

/** Models by name, or a record of node names to them. */
const models = oneOf("write a list of models ([fast, strong]), or nodes with the model of each ({ first: fast })", [
  z.array(model).min(1),
  named(model),
]);
export type ModelsSpec = z.infer<typeof models>;

/** A stage of a pipeline. */
export const StageSpec = fields({
  model,
  systemPrompt: text.optional(),
  prompt: text.optional().describe("A key of prompts"),
  parameters: Parameters.optional(),
  context: ContextSpec.optional(),
  untilApproved: text.optional().describe("The stage this one sends work back to until it approves"),
  maxVisits: count.optional(),
}).meta({ id: "Stage" });

export type StageSpec = z.infer<typeof StageSpec>;

const description = text.optional();
const onUnverified = z
  .enum(["accept", "escalate", "throw"])
  .optional()
  .describe("What a judge that cannot be asked means: accept (the default), escalate or throw");

/** What keeps a model beyond one tool loop. */
const affinity = fields({
  by: z.enum(["thread", "sessionId"]),
  idleMs: z.number().positive().optional().describe("Milliseconds"),
}).optional();

/** A graph as data: the pattern, and the options of its factory. */
export const GraphSpec = z
  .discriminatedUnion("pattern", [
    fields({
      pattern: z.literal("router"),
      description,
      models,
      route: RouteSpec,
      verify: VerifySpec.optional(),
      onUnverified,
      fallback: model.optional(),
      context: ContextSpec.optional(),
      affinity,
    }),
    fields({
      pattern: z.literal("cascade"),
      description,
      models,
      verify: VerifySpec,
      fallback: model.optional(),
      onUnverified,
      judgeLast: z.boolean().optional(),
    }),
    fields({ pattern: z.literal("fallback"), description, models, defaultResponse: text.optional() }),
    fields({
      pattern: z.literal("ensemble"),
      description,
      models,
      aggregate: AggregateSpec,
      minimum: count.optional(),
      stopEarly: z.boolean().optional(),
      fallback: model.optional(),
      defaultResponse: text.optional(),
    }),
    fields({
      pattern: z.literal("qualityGate"),
      description,
      model,
      verify: VerifySpec,
      maxRevisions: z.number().int().nonnegative().optional(),
      onUnverified,
      fallback: model.optional(),
    }),
    fields({
      pattern: z.literal("pipeline"),
      description,
      stages: named(oneOf("write the name of a model, or { model, … }", [model, StageSpec])),
      context: ContextSpec.optional(),
      answer: text.optional(),
    }),
    fields({
      pattern: z.literal("mapReduce"),
      description,
      plan: model,
      worker: model,
      reduce: model,
      maxItems: count.optional(),
      concurrency: count.optional(),
    }),
    fields({
      pattern: z.literal("experiment"),
      description,
      models,
      weights: z.record(z.string(), z.number().nonnegative()),
      stickyBy: text.optional(),
      fallback: model.optional(),
      affinity,
    }),
  ])
  .meta({ id: "Graph" });
export type GraphSpec = z.infer<typeof GraphSpec>;
