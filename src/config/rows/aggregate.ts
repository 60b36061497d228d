import { z } from "zod";
import {
  type Aggregate,
  bestOf,
  firstAnswer,
  longest,
  majorityVote,
  synthesizeWith,
  weightedVote,
} from "../../index.js";
import { fields, modelName, weights } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { normalize } from "./normalize.js";
import { group } from "./part.js";
import { keysOf, none, row, word } from "./row.js";

const rows = [
  word("majorityVote", majorityVote),
  word("longest", longest),
  word("firstAnswer", firstAnswer),
  row({
    key: "majorityVote",
    schema: fields({
      majorityVote: fields({ normalize: normalize.schema.optional(), ties: z.enum(["first", "longest"]).optional() }),
    }),
    models: [],
    targets: none,
    build: ({ majorityVote: options }) => majorityVote(options),
    docs: "{ majorityVote: { normalize, ties } }",
  }),
  row({
    key: "weightedVote",
    schema: fields({ weightedVote: weights.describe("Weights"), normalize: normalize.schema.optional() }),
    models: [],
    targets: ({ weightedVote: nodes }) => keysOf(nodes, "weightedVote"),
    build: ({ weightedVote: nodes, ...options }) => weightedVote({ weights: nodes, ...options }),
    docs: "{ weightedVote: { node: 2 }, normalize }",
  }),
  row({
    key: "bestOf",
    schema: fields({ bestOf: modelName, rubric: z.string().optional() }),
    models: ["bestOf"],
    targets: none,
    build: ({ bestOf: judge, ...options }) => bestOf(judge, options),
    docs: "{ bestOf: model, rubric }",
  }),
  row({
    key: "synthesize",
    schema: fields({ synthesize: modelName, instructions: z.string().optional() }),
    models: ["synthesize"],
    targets: none,
    build: ({ synthesize, ...options }) => synthesizeWith(synthesize, options),
    docs: "{ synthesize: model, instructions }",
  }),
] as const;

/** How several answers become one: the strategies of aggregation, as data. */
export const aggregate = kind<SpecOf<typeof rows>, Aggregate>("Aggregate", rows, () => ({
  normalize,
  majorityVote: group({ normalize }),
}));
