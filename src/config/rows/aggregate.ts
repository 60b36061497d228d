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
import { judging, optional, recordOf, setOf } from "./field.js";
import { weights } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { normalize } from "./normalize.js";
import { row, word } from "./row.js";

const rows = [
  word("majorityVote", majorityVote),
  word("longest", longest),
  word("firstAnswer", firstAnswer),
  row({
    fields: {
      majorityVote: setOf({ normalize: optional(normalize), ties: z.enum(["first", "longest"]).optional() }),
    },
    build: ({ majorityVote: options }) => majorityVote(options),
    docs: "{ majorityVote: { normalize, ties } }",
  }),
  row({
    fields: { weightedVote: recordOf(weights.describe("Weights"), { keys: "node" }), normalize: optional(normalize) },
    build: ({ weightedVote: nodes, ...options }) => weightedVote({ weights: nodes, ...options }),
    docs: "{ weightedVote: { node: 2 }, normalize }",
  }),
  row({
    fields: { bestOf: judging, rubric: z.string().optional() },
    build: ({ bestOf: judge, ...options }) => bestOf(judge, options),
    docs: "{ bestOf: model, rubric }",
  }),
  row({
    fields: { synthesize: judging, instructions: z.string().optional() },
    build: ({ synthesize, ...options }) => synthesizeWith(synthesize, options),
    docs: "{ synthesize: model, instructions }",
  }),
] as const;

/** How several answers become one: the strategies of aggregation, as data. */
export const aggregate = kind<SpecOf<typeof rows>, Aggregate>("Aggregate", rows);
