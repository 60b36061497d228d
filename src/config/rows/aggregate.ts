import { z } from "zod";
import type { Aggregate } from "../../index.js";
import { judging, optional, recordOf, setOf } from "./field.js";
import { weights, words } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { library } from "./library.js";
import { normalize } from "./normalize.js";
import { row, word } from "./row.js";

const ties = z.enum(["first", "longest"]).optional();
const byNode = recordOf(weights.describe("Weights"), { keys: "node" });

const rows = [
  word("majorityVote", () => library.majorityVote()),
  word("longest", () => library.longest()),
  word("firstAnswer", () => library.firstAnswer()),
  row({
    fields: { majorityVote: setOf({ normalize: optional(normalize), ties }) },
    build: ({ majorityVote: options }) => library.majorityVote(options),
    docs: "{ majorityVote: { normalize, ties } }",
  }),
  row({
    fields: { weightedVote: byNode, normalize: optional(normalize) },
    build: ({ weightedVote, ...options }) => library.weightedVote({ weights: weightedVote, ...options }),
    docs: "{ weightedVote: { node: 2 }, normalize }",
  }),
  row({
    fields: { bestOf: judging, rubric: words },
    build: ({ bestOf, ...options }) => library.bestOf(bestOf, options),
    docs: "{ bestOf: model, rubric }",
  }),
  row({
    fields: { synthesize: judging, instructions: words },
    build: ({ synthesize, ...options }) => library.synthesizeWith(synthesize, options),
    docs: "{ synthesize: model, instructions }",
  }),
] as const;

/** Aggregation strategies. */
export const aggregate = kind<SpecOf<typeof rows>, Aggregate>("Aggregate", rows);
