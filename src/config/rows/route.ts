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
import { fields, modelName, share, text, weights } from "./fields.js";
import { type Kind, kind, type SpecOf } from "./kind.js";
import { listOf } from "./part.js";
import { keysOf, nodeAt, none, type Reference, row, valuesOf, word } from "./row.js";

const rows = [
  word("capability", byCapability<string>),
  word("contextWindow", byContextWindow<string>),
  word("latencyOptimized", latencyOptimized<string>),
  word("qualityFocused", qualityFocused<string>),
  row({
    key: "classify",
    schema: fields({
      classify: modelName,
      labels: z.record(z.string(), text).optional(),
      examples: z.array(fields({ question: z.string(), label: z.string() })).optional(),
      instructions: z.string().optional(),
    }),
    models: ["classify"],
    targets: ({ labels, examples = [] }) =>
      labels === undefined
        ? examples.flatMap(({ label }, index) => nodeAt(label, "examples", index, "label"))
        : valuesOf(labels, "labels"),
    build: ({ classify, ...options }) => classifyWith(classify, options),
    docs: "{ classify: model, labels, examples, instructions }",
  }),
  row({
    key: "keywords",
    schema: fields({ keywords: z.record(z.string(), z.array(text)) }),
    models: [],
    targets: ({ keywords }) => keysOf(keywords, "keywords"),
    build: ({ keywords }) => byKeyword(keywords),
    docs: "{ keywords: { node: [words] } }",
  }),
  row({
    key: "complexity",
    schema: fields({ complexity: z.partialRecord(z.enum(complexities), text), detect: modelName.optional() }),
    models: ["detect"],
    targets: ({ complexity }) => valuesOf(complexity as Record<string, string>, "complexity"),
    build: ({ complexity, ...options }) => byComplexity(complexity, options),
    docs: "{ complexity: { simple: node, … }, detect: model }",
  }),
  row({
    key: "table",
    schema: fields({
      table: z.record(z.string(), z.record(z.string(), text)),
      task: z.string().optional(),
      default: text.optional(),
    }),
    models: [],
    targets: ({ table, default: otherwise }) => [
      ...Object.entries(table).flatMap(([task, cells]) => [
        ...valuesOf(cells, "table", task),
        ...keysOf(cells, "table", task).map((each): Reference => ({ ...each, of: "complexity" })),
      ]),
      ...nodeAt(otherwise, "default"),
    ],
    build: (options) => byTask(options),
    docs: "{ table, task, default }",
  }),
  row({
    key: "quality",
    schema: fields({ quality: z.record(z.string(), share).describe("Quality of each model, 0 to 1"), min: share }),
    models: [],
    targets: ({ quality }) => keysOf(quality, "quality"),
    build: (options) => byCost<string>(options),
    docs: "{ quality: { node: 0.9 }, min: 0.8 }",
  }),
  row({
    key: "deadlineMs",
    schema: fields({ deadlineMs: z.number().positive(), percentile: share.optional() }),
    models: [],
    targets: none,
    build: (options) => byLatency<string>(options),
    docs: "{ deadlineMs, percentile }",
  }),
  row({
    key: "tokens",
    schema: fields({ tokens: z.record(z.string().regex(/^\d+$/, "is no number of tokens"), text), otherwise: text }),
    models: [],
    targets: ({ tokens, otherwise }) => [...valuesOf(tokens, "tokens"), ...nodeAt(otherwise, "otherwise")],
    build: ({ tokens, otherwise }) => byTokens(tokens, otherwise),
    docs: "{ tokens: { 500: node }, otherwise: node }",
  }),
  row({
    key: "weights",
    schema: fields({ weights, stickyBy: z.string().optional() }),
    models: [],
    targets: ({ weights: nodes }) => keysOf(nodes, "weights"),
    build: ({ weights: nodes, ...options }) => weighted(nodes, options),
    docs: "{ weights, stickyBy }",
  }),
  row({
    key: "examples",
    schema: fields({ examples: z.record(z.string(), z.array(z.string())), threshold: share }),
    models: [],
    targets: ({ examples }) => keysOf(examples, "examples"),
    build: (options) => bySimilarity({ embeddings: localEmbeddings(), ...options }),
    docs: "{ examples: { node: [texts] }, threshold }",
  }),
  row({
    key: "always",
    schema: fields({ always: text }),
    models: [],
    targets: ({ always }) => nodeAt(always, "always"),
    build:
      ({ always }) =>
      () =>
        always,
    docs: "{ always: node }",
  }),
] as const;

const combination = row({
  key: "firstOf",
  schema: fields({
    get firstOf(): z.ZodType<RouteSpec[]> {
      return z.array(route.schema).min(1);
    },
  }),
  models: [],
  targets: none,
  build: ({ firstOf: routes }) => firstOf(...routes),
  docs: "{ firstOf: [route, …] }",
});

type RouteSpec = SpecOf<typeof rows> | { firstOf: RouteSpec[] };

/** How a model is chosen: the strategies of routing, as data. */
export const route: Kind<RouteSpec, Route<string>> = kind("Route", [...rows, combination], () => ({
  firstOf: listOf(route),
}));
