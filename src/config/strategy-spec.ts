import { z } from "zod";

const model = z.string().min(1).describe("A key of models or graphs");
const name = z.string().min(1);
const share = z.number().min(0).max(1);

/** What makes two answers equal. */
export const NormalizeSpec = z.union([
  z.enum(["text", "number", "yesNo"]),
  z.strictObject({ choice: z.string().min(1).describe('Letters: "ABCD"') }),
  z.strictObject({ json: name.describe("Field of a JSON answer") }),
]);
export type NormalizeSpec = z.infer<typeof NormalizeSpec>;

const normalize = NormalizeSpec.optional();

const routes = [
  z.enum(["capability", "contextWindow", "latencyOptimized", "qualityFocused"]),
  z.strictObject({ always: name }),
  z.strictObject({
    classify: model,
    labels: z.record(z.string(), name).optional(),
    examples: z.array(z.strictObject({ question: z.string(), label: z.string() })).optional(),
    instructions: z.string().optional(),
  }),
  z.strictObject({ keywords: z.record(z.string(), z.array(z.string().min(1))) }),
  z.strictObject({
    complexity: z.partialRecord(z.enum(["simple", "moderate", "complex", "critical"]), name),
    detect: model.optional(),
  }),
  z.strictObject({
    table: z.record(z.string(), z.record(z.string(), name)),
    task: z.string().optional(),
    default: name.optional(),
  }),
  z.strictObject({ quality: z.record(z.string(), z.number()), min: z.number() }),
  z.strictObject({ deadlineMs: z.number().positive(), percentile: share.optional() }),
  z.strictObject({ tokens: z.record(z.string().regex(/^\d+$/), name), otherwise: name }),
  z.strictObject({ weights: z.record(z.string(), z.number().nonnegative()), stickyBy: z.string().optional() }),
  z.strictObject({ examples: z.record(z.string(), z.array(z.string())), threshold: share }),
] as const;

/** How a model is chosen: the strategies of routing, as data. */
export const RouteSpec = z.union([
  ...routes,
  z.strictObject({
    get firstOf() {
      return z.array(RouteSpec).min(1);
    },
  }),
]);
export type RouteSpec = z.infer<(typeof routes)[number]> | { firstOf: RouteSpec[] };

const verifiers = [
  z.enum(["selfReported", "logprobs", "agreement"]),
  z.strictObject({
    judge: model,
    threshold: z.number().optional(),
    scale: z.tuple([z.number(), z.number()]).optional(),
    rubric: z.string().optional(),
  }),
  z.strictObject({ selfReported: share.describe("Threshold") }),
  z.strictObject({ logprobs: share.describe("Threshold"), reduce: z.enum(["mean", "min"]).optional() }),
  z.strictObject({ agreement: z.number().positive().describe("Equal answers needed"), normalize }),
  z.strictObject({ consistency: z.number().int().min(2).describe("Samples"), threshold: share.optional(), normalize }),
  z.strictObject({ schema: z.record(z.string(), z.unknown()).describe("JSON schema the answer must match") }),
] as const;

/** How an answer is judged: the strategies of verification, as data. */
export const VerifySpec = z.union([
  ...verifiers,
  z.strictObject({
    get allOf() {
      return z.array(VerifySpec).min(1);
    },
  }),
  z.strictObject({
    get anyOf() {
      return z.array(VerifySpec).min(1);
    },
  }),
]);
export type VerifySpec = z.infer<(typeof verifiers)[number]> | { allOf: VerifySpec[] } | { anyOf: VerifySpec[] };

/** How several answers become one: the strategies of aggregation, as data. */
export const AggregateSpec = z.union([
  z.enum(["majorityVote", "longest", "firstAnswer"]),
  z.strictObject({ majorityVote: z.strictObject({ normalize, ties: z.enum(["first", "longest"]).optional() }) }),
  z.strictObject({ weightedVote: z.record(z.string(), z.number().nonnegative()).describe("Weights"), normalize }),
  z.strictObject({ bestOf: model, rubric: z.string().optional() }),
  z.strictObject({ synthesize: model, instructions: z.string().optional() }),
]);
export type AggregateSpec = z.infer<typeof AggregateSpec>;

/** What a stage sees: the strategies of context, as data. */
export const ContextSpec = z.union([
  z.enum(["fullHistory", "latestOnly"]),
  z.strictObject({ lastMessages: z.number().int().positive() }),
  z.strictObject({ summarize: model, maxTokens: z.number().int().positive().optional() }),
]);
export type ContextSpec = z.infer<typeof ContextSpec>;
