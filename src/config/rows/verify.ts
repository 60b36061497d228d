import { z } from "zod";
import {
  agreement,
  allOf,
  anyOf,
  consistency,
  judgeWith,
  logprobs,
  matchesSchema,
  selfReported,
  type Verify,
} from "../../index.js";
import { fields, jsonSchema, modelName, share } from "./fields.js";
import { type Kind, kind, type SpecOf } from "./kind.js";
import { normalize } from "./normalize.js";
import { listOf } from "./part.js";
import { none, row, word } from "./row.js";
import { toSchema } from "./to-schema.js";

const rows = [
  word("selfReported", selfReported),
  word("logprobs", logprobs),
  word("agreement", agreement),
  row({
    key: "judge",
    schema: fields({
      judge: modelName,
      threshold: z.number().optional(),
      scale: z.tuple([z.number(), z.number()]).optional(),
      rubric: z.string().optional(),
    }),
    models: ["judge"],
    targets: none,
    build: ({ judge, ...options }) => judgeWith(judge, options),
    docs: "{ judge: model, threshold, scale, rubric }",
  }),
  row({
    key: "selfReported",
    schema: fields({ selfReported: share.describe("Threshold") }),
    models: [],
    targets: none,
    build: ({ selfReported: threshold }) => selfReported({ threshold }),
    docs: "{ selfReported: 0.8 }",
  }),
  row({
    key: "logprobs",
    schema: fields({ logprobs: share.describe("Threshold"), reduce: z.enum(["mean", "min"]).optional() }),
    models: [],
    targets: none,
    build: ({ logprobs: threshold, ...options }) => logprobs({ threshold, ...options }),
    docs: "{ logprobs: 0.9, reduce }",
  }),
  row({
    key: "agreement",
    schema: fields({
      agreement: z.number().positive().describe("Equal answers needed"),
      normalize: normalize.schema.optional(),
    }),
    models: [],
    targets: none,
    build: ({ agreement: need, ...options }) => agreement({ need, ...options }),
    docs: "{ agreement: 2, normalize }",
  }),
  row({
    key: "consistency",
    schema: fields({
      consistency: z.number().int().min(2).describe("Samples"),
      threshold: share.optional(),
      normalize: normalize.schema.optional(),
    }),
    models: [],
    targets: none,
    build: ({ consistency: samples, ...options }) => consistency({ samples, ...options }),
    docs: "{ consistency: 3, threshold, normalize }",
  }),
  row({
    key: "schema",
    schema: fields({ schema: jsonSchema.describe("JSON schema the answer must match") }),
    models: [],
    targets: none,
    build: ({ schema }) => matchesSchema(toSchema(schema, "matchesSchema")),
    docs: "{ schema }",
  }),
] as const;

/** The verdicts of several verifiers as one. */
const list = () => z.array(verify.schema).min(1);
const combinations = [
  row({
    key: "allOf",
    schema: fields({
      get allOf(): z.ZodType<VerifySpec[]> {
        return list();
      },
    }),
    models: [],
    targets: none,
    build: ({ allOf: verifiers }) => allOf(...verifiers),
    docs: "{ allOf: [verify, …] }",
  }),
  row({
    key: "anyOf",
    schema: fields({
      get anyOf(): z.ZodType<VerifySpec[]> {
        return list();
      },
    }),
    models: [],
    targets: none,
    build: ({ anyOf: verifiers }) => anyOf(...verifiers),
    docs: "{ anyOf: [verify, …] }",
  }),
] as const;

type VerifySpec = SpecOf<typeof rows> | { allOf: VerifySpec[] } | { anyOf: VerifySpec[] };

/** How an answer is judged: the strategies of verification, as data. */
export const verify: Kind<VerifySpec, Verify> = kind("Verify", [...rows, ...combinations], () => ({
  normalize,
  allOf: listOf(verify),
  anyOf: listOf(verify),
}));
