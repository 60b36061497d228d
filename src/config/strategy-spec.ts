import { z } from "zod";
import { fields, modelName as model, text as name, oneOf, share } from "./fields.js";

/** How hard a question is, in the words routes read. */
export const complexities = ["simple", "moderate", "complex", "critical"] as const;

/** What makes two answers equal. */
export const NormalizeSpec = oneOf("write text, number or yesNo, or { choice } or { json }", [
  z.enum(["text", "number", "yesNo"]),
  fields({ choice: name.describe('Letters: "ABCD"') }),
  fields({ json: name.describe("Field of a JSON answer") }),
]).meta({ id: "Normalize" });
export type NormalizeSpec = z.infer<typeof NormalizeSpec>;

const normalize = NormalizeSpec.optional();

const routes = [
  z.enum(["capability", "contextWindow", "latencyOptimized", "qualityFocused"]),
  fields({ always: name }),
  fields({
    classify: model,
    labels: z.record(z.string(), name).optional(),
    examples: z.array(fields({ question: z.string(), label: z.string() })).optional(),
    instructions: z.string().optional(),
  }),
  fields({ keywords: z.record(z.string(), z.array(name)) }),
  fields({
    complexity: z.partialRecord(z.enum(complexities), name),
    detect: model.optional(),
  }),
  fields({
    table: z.record(z.string(), z.record(z.string(), name)),
    task: z.string().optional(),
    default: name.optional(),
  }),
  fields({ quality: z.record(z.string(), share).describe("Quality of each model, 0 to 1"), min: share }),
  fields({ deadlineMs: z.number().positive(), percentile: share.optional() }),
  fields({ tokens: z.record(z.string().regex(/^\d+$/, "is no number of tokens"), name), otherwise: name }),
  fields({ weights: z.record(z.string(), z.number().nonnegative()), stickyBy: z.string().optional() }),
  fields({ examples: z.record(z.string(), z.array(z.string())), threshold: share }),
] as const;

const routeForms =
  "write capability, contextWindow, latencyOptimized or qualityFocused, or an object with classify, keywords, complexity, table, quality, deadlineMs, tokens, weights, examples, always or firstOf";

/** How a model is chosen: the strategies of routing, as data. */
export const RouteSpec = oneOf(routeForms, [
  ...routes,
  fields({
    get firstOf(): z.ZodArray<z.ZodType<RouteSpec>> {
      return z.array(RouteSpec).min(1);
    },
  }),
]).meta({ id: "Route" });
export type RouteSpec = z.infer<(typeof routes)[number]> | { firstOf: RouteSpec[] };

const verifiers = [
  z.enum(["selfReported", "logprobs", "agreement"]),
  fields({
    judge: model,
    threshold: z.number().optional(),
    scale: z.tuple([z.number(), z.number()]).optional(),
    rubric: z.string().optional(),
  }),
  fields({ selfReported: share.describe("Threshold") }),
  fields({ logprobs: share.describe("Threshold"), reduce: z.enum(["mean", "min"]).optional() }),
  fields({ agreement: z.number().positive().describe("Equal answers needed"), normalize }),
  fields({ consistency: z.number().int().min(2).describe("Samples"), threshold: share.optional(), normalize }),
  fields({ schema: z.record(z.string(), z.unknown()).describe("JSON schema the answer must match") }),
] as const;

const verifyForms =
  "write selfReported, logprobs or agreement, or an object with judge, selfReported, logprobs, agreement, consistency, schema, allOf or anyOf";

/** How an answer is judged: the strategies of verification, as data. */
export const VerifySpec = oneOf(verifyForms, [
  ...verifiers,
  fields({
    get allOf(): z.ZodArray<z.ZodType<VerifySpec>> {
      return z.array(VerifySpec).min(1);
    },
  }),
  fields({
    get anyOf(): z.ZodArray<z.ZodType<VerifySpec>> {
      return z.array(VerifySpec).min(1);
    },
  }),
]).meta({ id: "Verify" });
export type VerifySpec = z.infer<(typeof verifiers)[number]> | { allOf: VerifySpec[] } | { anyOf: VerifySpec[] };

const aggregateForms =
  "write majorityVote, longest or firstAnswer, or an object with majorityVote, weightedVote, bestOf or synthesize";

/** How several answers become one: the strategies of aggregation, as data. */
export const AggregateSpec = oneOf(aggregateForms, [
  z.enum(["majorityVote", "longest", "firstAnswer"]),
  fields({ majorityVote: fields({ normalize, ties: z.enum(["first", "longest"]).optional() }) }),
  fields({ weightedVote: z.record(z.string(), z.number().nonnegative()).describe("Weights"), normalize }),
  fields({ bestOf: model, rubric: z.string().optional() }),
  fields({ synthesize: model, instructions: z.string().optional() }),
]).meta({ id: "Aggregate" });
export type AggregateSpec = z.infer<typeof AggregateSpec>;

/** What a stage sees: the strategies of context, as data. */
export const ContextSpec = oneOf(
  "write fullHistory or latestOnly, or an object with lastMessages, summarize, extract or sharedMemory",
  [
    z.enum(["fullHistory", "latestOnly"]),
    fields({ lastMessages: z.number().int().positive() }),
    fields({ summarize: model, maxTokens: z.number().int().positive().optional() }),
    fields({ extract: model, schema: z.record(z.string(), z.unknown()).describe("JSON schema of what is extracted") }),
    fields({ sharedMemory: name.describe("Namespace in the store"), limit: z.number().int().positive().optional() }),
  ],
).meta({ id: "Context" });
export type ContextSpec = z.infer<typeof ContextSpec>;
