import { z } from "zod";
import type { Route } from "../../index.js";
import { complexities } from "../../routing/detect-complexity.js";
import { judging, listOf, nameOf, optional, recordOf } from "./field.js";
import { fields, share, text, weights, words } from "./fields.js";
import { type Kind, kind, type SpecOf } from "./kind.js";
import { library } from "./library.js";
import { row, word } from "./row.js";
import { withTaskComplexity } from "./task-complexity.js";

const texts = z.record(z.string(), text);
const node = nameOf("node");
const nodes = recordOf(texts, { values: node });
const cells = recordOf(texts, { keys: "complexity", values: node });
const byNode = <Value>(value: z.ZodType<Value>) => recordOf(z.record(z.string(), value), { keys: "node" });
const budgets = z.record(z.string().regex(/^\d+$/, "is not a number of tokens"), text);
const labelled = z.array(fields({ question: z.string(), label: z.string() })).optional();
const byLevel = recordOf(z.partialRecord(z.enum(complexities), text), { values: node });
const rated = z.record(z.string(), share).describe("Quality of each model, 0 to 1");

const rows = [
  word("capability", () => library.byCapability<string>()),
  word("contextWindow", () => library.byContextWindow<string>()),
  word("latencyOptimized", () => library.latencyOptimized<string>()),
  word("qualityFocused", () => library.qualityFocused<string>()),
  row({
    fields: { classify: judging, labels: optional(nodes), examples: labelled, instructions: words },
    build: ({ classify, ...options }) => library.classifyWith(classify, options),
    docs: "{ classify: model, labels, examples, instructions }",
    targets: ({ labels, examples = [] }) =>
      examples
        .map(({ label }, index) => ({ name: label, path: ["examples", index, "label"], of: "node" as const }))
        .filter(() => labels === undefined), // with `labels`, examples name labels instead of nodes
  }),
  row({
    fields: { keywords: byNode(z.array(text)) },
    build: ({ keywords }) => library.byKeyword(keywords),
    docs: "{ keywords: { node: [words] } }",
  }),
  row({
    fields: { complexity: byLevel, detect: optional(judging) },
    build: ({ complexity, ...options }) => library.byComplexity(complexity, options),
    docs: "{ complexity: { simple: node, … }, detect: model }",
  }),
  row({
    fields: { table: recordOf(z.record(z.string(), texts), { values: cells }), task: words, default: optional(node) },
    build: (options) => library.byTask(options),
    docs: "{ table, task, default }",
  }),
  row({
    fields: { quality: recordOf(rated, { keys: "node" }), min: share },
    build: (options) => library.byCost<string>(options),
    docs: "{ quality: { node: 0.9 }, min: 0.8 }",
  }),
  row({
    fields: { deadlineMs: z.number().positive(), percentile: share.optional() },
    build: (options) => library.byLatency<string>(options),
    docs: "{ deadlineMs, percentile }",
  }),
  row({
    fields: { tokens: recordOf(budgets, { values: node }), otherwise: node },
    build: ({ tokens, otherwise }) => library.byTokens(tokens, otherwise),
    docs: "{ tokens: { 500: node }, otherwise: node }",
  }),
  row({
    fields: { weights: recordOf(weights, { keys: "node" }), stickyBy: z.string().optional() },
    build: ({ weights: shares, ...options }) => library.weighted(shares, options),
    docs: "{ weights, stickyBy }",
  }),
  row({
    fields: { examples: byNode(z.array(z.string())), threshold: share },
    build: (options, { embeddings = library.localEmbeddings() }) => library.bySimilarity({ embeddings, ...options }),
    docs: "{ examples: { node: [texts] }, threshold }",
  }),
  row({ fields: { always: node }, build: (spec) => () => spec.always, docs: "{ always: node }" }),
] as const;

const routes = listOf(
  z.lazy(() => z.array(route.schema).min(1)),
  () => route,
);
const combination = row({
  fields: { firstOf: routes },
  build: (spec) => library.firstOf(...spec.firstOf),
  docs: "{ firstOf: [route, …] }",
});

type RouteSpec = SpecOf<typeof rows> | { firstOf: RouteSpec[] };

const forms: Kind<RouteSpec, Route<string>> = kind("Route", [...rows, combination]);

/** Routing strategies. */
export const route: typeof forms = {
  ...forms,
  build: (spec, place) => withTaskComplexity(forms.build(spec, place), place.tasks),
};
