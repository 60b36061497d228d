import { z } from "zod";
import {
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byKeyword,
  byLatency,
  bySimilarity,
  byTask,
  byTokens,
  classifyWith,
  firstOf,
  latencyOptimized,
  qualityFocused,
  type Route,
  weighted,
} from "../../index.js";
import { localEmbeddings } from "../../learned/index.js";
import { complexities } from "../../routing/detect-complexity.js";
import { judging, listOf, node, optional, recordOf } from "./field.js";
import { fields, share, text, weights } from "./fields.js";
import { type Kind, kind, type SpecOf } from "./kind.js";
import { row, word } from "./row.js";

const texts = z.record(z.string(), text);
const nodes = recordOf(texts, { values: node });

const rows = [
  word("capability", byCapability<string>),
  word("contextWindow", byContextWindow<string>),
  word("latencyOptimized", latencyOptimized<string>),
  word("qualityFocused", qualityFocused<string>),
  row({
    fields: {
      classify: judging,
      labels: optional(nodes),
      examples: z.array(fields({ question: z.string(), label: z.string() })).optional(),
      instructions: z.string().optional(),
    },
    build: ({ classify, ...options }) => classifyWith(classify, options),
    docs: "{ classify: model, labels, examples, instructions }",
    targets: ({ labels, examples = [] }) =>
      labels === undefined
        ? examples.map(({ label }, index) => ({ name: label, path: ["examples", index, "label"], of: "node" }))
        : [],
  }),
  row({
    fields: { keywords: recordOf(z.record(z.string(), z.array(text)), { keys: "node" }) },
    build: ({ keywords }) => byKeyword(keywords),
    docs: "{ keywords: { node: [words] } }",
  }),
  row({
    fields: {
      complexity: recordOf(z.partialRecord(z.enum(complexities), text), { values: node }),
      detect: optional(judging),
    },
    build: ({ complexity, ...options }) => byComplexity(complexity, options),
    docs: "{ complexity: { simple: node, … }, detect: model }",
  }),
  row({
    fields: {
      table: recordOf(z.record(z.string(), texts), { values: recordOf(texts, { keys: "complexity", values: node }) }),
      task: z.string().optional(),
      default: optional(node),
    },
    build: (options) => byTask(options),
    docs: "{ table, task, default }",
  }),
  row({
    fields: {
      quality: recordOf(z.record(z.string(), share).describe("Quality of each model, 0 to 1"), { keys: "node" }),
      min: share,
    },
    build: (options) => byCost<string>(options),
    docs: "{ quality: { node: 0.9 }, min: 0.8 }",
  }),
  row({
    fields: { deadlineMs: z.number().positive(), percentile: share.optional() },
    build: (options) => byLatency<string>(options),
    docs: "{ deadlineMs, percentile }",
  }),
  row({
    fields: {
      tokens: recordOf(z.record(z.string().regex(/^\d+$/, "is no number of tokens"), text), { values: node }),
      otherwise: node,
    },
    build: ({ tokens, otherwise }) => byTokens(tokens, otherwise),
    docs: "{ tokens: { 500: node }, otherwise: node }",
  }),
  row({
    fields: { weights: recordOf(weights, { keys: "node" }), stickyBy: z.string().optional() },
    build: ({ weights: shares, ...options }) => weighted(shares, options),
    docs: "{ weights, stickyBy }",
  }),
  row({
    fields: { examples: recordOf(z.record(z.string(), z.array(z.string())), { keys: "node" }), threshold: share },
    build: (options) => bySimilarity({ embeddings: localEmbeddings(), ...options }),
    docs: "{ examples: { node: [texts] }, threshold }",
  }),
  row({
    fields: { always: node },
    build: (spec) => () => spec.always,
    docs: "{ always: node }",
  }),
] as const;

const combination = row({
  fields: { firstOf: listOf(() => route) },
  build: ({ firstOf: routes }) => firstOf(...routes),
  docs: "{ firstOf: [route, …] }",
});

type RouteSpec = SpecOf<typeof rows> | { firstOf: RouteSpec[] };

/** How a model is chosen: the strategies of routing, as data. */
export const route: Kind<RouteSpec, Route<string>> = kind("Route", [...rows, combination]);
