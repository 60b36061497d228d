import { z } from "zod";
import { AggregateSpec, ContextSpec, RouteSpec, VerifySpec } from "./strategy-spec.js";

const model = z.string().min(1).describe("A key of models or graphs");
const text = z.string().min(1);
const count = z.number().int().positive();

/** Models by name, or a record of node names to them. */
const models = z.union([z.array(model).min(1), z.record(z.string(), model)]);

const Stage = z.strictObject({
  model,
  systemPrompt: text.optional(),
  prompt: text.optional().describe("A key of prompts"),
  parameters: z.record(z.string(), z.unknown()).optional(),
  context: ContextSpec.optional(),
  untilApproved: text.optional().describe("The stage this one sends work back to until it approves"),
  maxVisits: count.optional(),
});

const description = text.optional();

/** A graph as data: the pattern, and the options of its factory. */
export const GraphSpec = z.discriminatedUnion("pattern", [
  z.strictObject({
    pattern: z.literal("router"),
    description,
    models,
    route: RouteSpec,
    verify: VerifySpec.optional(),
    fallback: model.optional(),
    context: ContextSpec.optional(),
  }),
  z.strictObject({
    pattern: z.literal("cascade"),
    description,
    models,
    verify: VerifySpec,
    fallback: model.optional(),
    onUnverified: z.enum(["accept", "escalate"]).optional(),
  }),
  z.strictObject({ pattern: z.literal("fallback"), description, models, defaultResponse: text.optional() }),
  z.strictObject({
    pattern: z.literal("ensemble"),
    description,
    models,
    aggregate: AggregateSpec,
    minimum: count.optional(),
    stopEarly: z.boolean().optional(),
    fallback: model.optional(),
    defaultResponse: text.optional(),
  }),
  z.strictObject({
    pattern: z.literal("qualityGate"),
    description,
    model,
    verify: VerifySpec,
    maxRevisions: z.number().int().nonnegative().optional(),
    fallback: model.optional(),
  }),
  z.strictObject({
    pattern: z.literal("pipeline"),
    description,
    stages: z.record(z.string(), z.union([model, Stage])),
    context: ContextSpec.optional(),
    answer: text.optional(),
  }),
  z.strictObject({
    pattern: z.literal("mapReduce"),
    description,
    plan: model,
    worker: model,
    reduce: model,
    maxItems: count.optional(),
    concurrency: count.optional(),
  }),
  z.strictObject({
    pattern: z.literal("experiment"),
    description,
    models,
    weights: z.record(z.string(), z.number().nonnegative()),
    stickyBy: text.optional(),
  }),
]);
export type GraphSpec = z.infer<typeof GraphSpec>;
