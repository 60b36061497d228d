import { z } from "zod";
import type { Verify } from "../../index.js";
import { judging, listOf, optional } from "./field.js";
import { share, text, words } from "./fields.js";
import { jsonSchema } from "./json-schema.js";
import { type Kind, kind, type SpecOf } from "./kind.js";
import { library } from "./library.js";
import { normalize } from "./normalize.js";
import { readPolicy } from "./read-policy.js";
import { row, word } from "./row.js";

const number = z.number();
const scale = z.tuple([number, number]).optional();
const samples = number.int().min(2).describe("Samples");

const rows = [
  word("selfReported", () => library.selfReported()),
  word("logprobs", () => library.logprobs()),
  word("agreement", () => library.agreement()),
  row({
    fields: { judge: judging, threshold: number.optional(), scale, rubric: words },
    build: ({ judge, ...options }) => library.judgeWith(judge, options),
    docs: "{ judge: model, threshold, scale, rubric }",
  }),
  row({
    fields: { selfReported: share.describe("Threshold"), field: text.optional() },
    build: ({ selfReported: threshold, ...options }) => library.selfReported({ threshold, ...options }),
    docs: "{ selfReported: 0.8, field }",
  }),
  row({
    fields: { logprobs: share.describe("Threshold"), reduce: z.enum(["mean", "min"]).optional() },
    build: ({ logprobs: threshold, ...options }) => library.logprobs({ threshold, ...options }),
    docs: "{ logprobs: 0.9, reduce }",
  }),
  row({
    fields: { agreement: number.positive().describe("Equal answers needed"), normalize: optional(normalize) },
    build: ({ agreement: need, ...options }) => library.agreement({ need, ...options }),
    docs: "{ agreement: 2, normalize }",
  }),
  row({
    fields: { consistency: samples, threshold: share.optional(), normalize: optional(normalize) },
    build: ({ consistency, ...options }) => library.consistency({ samples: consistency, ...options }),
    docs: "{ consistency: 3, threshold, normalize }",
  }),
  row({
    fields: { schema: jsonSchema("matchesSchema", "JSON schema the answer must match") },
    build: ({ schema }) => library.matchesSchema(schema),
    docs: "{ schema }",
  }),
  row({
    fields: { trained: text.describe("File that multimodel train wrote, from the folder of this one"), normalize },
    build: ({ trained, normalize }, { folder }) => library.loadCascade(readPolicy(trained, folder), { normalize }),
    docs: "{ trained: policy.json, normalize }",
  }),
] as const;

const verifiers = listOf(
  z.lazy(() => z.array(verify.schema).min(1)),
  () => verify,
);

const combinations = [
  row({
    fields: { allOf: verifiers },
    build: (spec) => library.allOf(...spec.allOf),
    docs: "{ allOf: [verify, …] }",
  }),
  row({
    fields: { anyOf: verifiers },
    build: (spec) => library.anyOf(...spec.anyOf),
    docs: "{ anyOf: [verify, …] }",
  }),
] as const;

type VerifySpec = SpecOf<typeof rows> | { allOf: VerifySpec[] } | { anyOf: VerifySpec[] };

/** Verification strategies. */
export const verify: Kind<VerifySpec, Verify> = kind("Verify", [...rows, ...combinations]);
