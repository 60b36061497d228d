import type { ModelEntry } from "../../index.js";
import { mapValues } from "../map-values.js";
import type { ModelSpec } from "../models/model-spec.js";
import type { Path } from "../text/read-document.js";
import type { Reference } from "./row.js";

/** Finds a model or graph by the name a file gives it. */
export type Find = (name: string) => ModelEntry;

/** Makes another entry of that of a model: one with tools. */
export type Arm = (name: string, entry: ModelEntry) => ModelEntry;

/** An entry with the settings of a stage on top of its own. */
export type Variant = (
  name: string,
  entry: ModelEntry,
  settings: Pick<ModelSpec, "systemPrompt" | "prompt" | "parameters">,
) => ModelEntry;

/** What a part of a graph is built of, and where it stands in the graph's spec. */
export interface Place {
  readonly find: Find;
  readonly variant: Variant;
  /** Gives a model that answers its tools; one that judges, routes or sums up fills a form, and has none. */
  readonly arm: Arm;
  readonly path: Path;
}

/** A field of a spec that is built, and may name models. */
export interface Part<Spec = unknown, Made = unknown> {
  build(spec: Spec, place: Place): Made;
  references(spec: Spec, path: Path): readonly Reference[];
}

export type Parts = Readonly<Record<string, Part>>;

export const within = (place: Place, key: string | number): Place => ({ ...place, path: [...place.path, key] });

/** Builds the fields of a spec that are parts; the others stay as they are. */
export const buildFields = (spec: object, parts: Parts, place: Place): Record<string, unknown> =>
  mapValues(spec as Record<string, unknown>, (value, field) =>
    Object.hasOwn(parts, field) ? parts[field]!.build(value, within(place, field)) : value,
  );

/** The names in the fields of a spec that are parts. */
export const referencesIn = (spec: object, parts: Parts, path: Path): Reference[] =>
  Object.entries(spec).flatMap(([field, value]) =>
    Object.hasOwn(parts, field) ? parts[field]!.references(value, [...path, field]) : [],
  );

/** A list of parts of one kind. */
export const listOf = <Spec, Made>(part: Part<Spec, Made>): Part<readonly Spec[], readonly Made[]> => ({
  build: (list, place) => list.map((each, index) => part.build(each, within(place, index))),
  references: (list, path) => list.flatMap((each, index) => part.references(each, [...path, index])),
});

/** Fields of which some are parts. */
export const group = (parts: Parts): Part<object> => ({
  build: (spec, place) => buildFields(spec, parts, place),
  references: (spec, path) => referencesIn(spec, parts, path),
});

type Names = string | readonly string[] | Readonly<Record<string, string>>;

/** The names of a list or a record; nodes of a list are called like their models. */
const pairsOf = (
  names: Exclude<Names, string>,
): readonly (readonly [node: string, place: string | number, name: string])[] =>
  Array.isArray(names)
    ? names.map((name: string, index) => [name, index, name] as const)
    : Object.entries(names).map(([node, name]) => [node, node, name] as const);

const models = (entryOf: (name: string, place: Place) => ModelEntry): Part<Names> => ({
  build: (names, place) =>
    typeof names === "string"
      ? entryOf(names, place)
      : Object.fromEntries(pairsOf(names).map(([node, , name]) => [node, entryOf(name, place)])),
  references: (names, path) =>
    typeof names === "string"
      ? [{ name: names, path, of: "model or graph" }]
      : pairsOf(names).map(([, key, name]) => ({ name, path: [...path, key], of: "model or graph" })),
});

/** Models that answer, with their tools. */
export const answers = models((name, { find, arm }) => arm(name, find(name)));

/** Models that judge, route or sum up, without tools. */
export const decides = models((name, { find }) => find(name));
