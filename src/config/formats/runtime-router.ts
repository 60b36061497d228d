import { type Data, isObject } from "../text/value-at.js";
import { leftOut } from "./foreign-fields.js";
import type { Origin } from "./origins.js";
import type { Entry } from "./runtime-sections.js";
import { isPresent, type Places, textOrEmpty, type Warning } from "./translated.js";

/** Similarity below which that system calls its default model. */
const usualThreshold = 0.7;

const read: readonly string[] = [
  ...[
    "name",
    "provider",
    "default",
    "description",
    "default_model",
    "similarity_threshold",
    "routes",
    "embedder_model",
  ],
];

/** Returns whether an entry of `runtime.models` is a router over the others. */
export const isRouter = ({ entry }: Entry): boolean => isObject(entry) && entry.provider === "router";

/** Translates a router, which chooses by the similarity of a question to its routes' examples, to a graph. */
export function runtimeRouter(entry: Data, { theirs, ours }: Places) {
  const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => !read.includes(name)));
  const warnings: Warning[] = leftOut(rest, theirs);
  const examples: Record<string, unknown[]> = {};
  const origins: Origin[] = [];
  const routes = Array.isArray(entry.routes) ? entry.routes : [];
  for (const [index, route] of routes.entries()) {
    const { target_model: target, utterances, dataset } = isObject(route) ? route : {};
    const path = [...theirs, "routes", index];
    if (isPresent(dataset))
      warnings.push({ path: [...path, "dataset"], message: "is not read; write its texts as utterances" });
    if (!Array.isArray(utterances) || utterances.length === 0) continue;
    const name = textOrEmpty(target);
    examples[name] = [...(examples[name] ?? []), ...utterances];
    origins.push([
      [...ours, "route", "examples", name],
      [...path, "target_model"],
    ]);
  }
  if (isPresent(entry.embedder_model)) {
    const message = "is not called; embeddings of the file compare texts, else the local embedder";
    warnings.push({ path: [...theirs, "embedder_model"], message });
  }
  const fallback = isPresent(entry.default_model) ? entry.default_model : undefined;
  const models = [...new Set([...Object.keys(examples), ...(fallback === undefined ? [] : [fallback])])];
  const threshold = entry.similarity_threshold ?? usualThreshold;
  const hasExamples = Object.keys(examples).length > 0;
  const from = (field: readonly string[], theirField: string): Origin => [
    [...ours, ...field],
    [...theirs, theirField],
  ];
  return {
    data: {
      pattern: "router",
      ...(isPresent(entry.description) && { description: entry.description }),
      models,
      route: hasExamples || fallback === undefined ? { examples, threshold } : { always: fallback },
      ...(fallback !== undefined && { fallback }),
    },
    origins: [
      from(["models"], "routes"),
      from(["route"], "routes"),
      from(["route", "threshold"], "similarity_threshold"),
      from(["fallback"], "default_model"),
      ...origins,
    ],
    warnings,
  };
}
