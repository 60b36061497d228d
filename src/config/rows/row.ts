import { z } from "zod";
import type { Aggregate, Context, ModelEntry, Normalize, Route, Stage, Verify } from "../../index.js";
import type { Path } from "../text/read-document.js";

/** Strategies of a built spec, by the field that holds them. */
export interface Strategies {
  readonly route: Route<string>;
  readonly verify: Verify;
  readonly aggregate: Aggregate;
  readonly context: Context;
  readonly normalize: Normalize;
  readonly firstOf: readonly Route<string>[];
  readonly allOf: readonly Verify[];
  readonly anyOf: readonly Verify[];
  readonly majorityVote: { readonly normalize?: Normalize; readonly ties?: "first" | "longest" };
  readonly stages: Readonly<Record<string, Stage<string>>>;
}

/** A spec with entries in place of names of models, and strategies in place of their specs. */
export type Built<Spec, Model> = {
  [Field in keyof Spec]: Field extends Model
    ? Entries<NonNullable<Spec[Field]>>
    : Field extends keyof Strategies
      ? Strategies[Field]
      : Spec[Field];
};

type Entries<Names> = Names extends string ? ModelEntry : Record<string, ModelEntry>;

/** A name in a spec, where it stands, and what must have that name. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  readonly of: "model or graph" | "node" | "complexity" | "prompt";
}

/** One form of a strategy in a file. */
export interface Row<Spec = unknown, Model = unknown, Made = unknown> {
  /** The word it is written as, or the field that tells it from the other forms. */
  readonly key: string;
  readonly schema: z.ZodType<Spec>;
  /** Fields that name a model or graph. */
  readonly models: readonly Model[];
  /** Names the pattern must have: nodes, and levels of complexity. */
  targets(spec: Spec): readonly Reference[];
  build(spec: Built<Spec, Model>): Made;
  /** How `docs/config.md` writes it. */
  readonly docs: string;
}

interface Parts<Spec, Models extends readonly unknown[], Made> extends Row<Spec, Models[number], Made> {
  readonly key: keyof Spec & string;
  readonly models: Models;
}

/** Types a row by its schema: a field that is missing from `models` stays a text, which no strategy accepts as a model. */
export const row = <Spec, const Models extends readonly (keyof Spec)[], Made>(
  parts: Parts<Spec, Models, Made>,
): Row<Spec, Models[number], Made> => parts;

/** A form that is one word. */
export const word = <const Word extends string, Made>(key: Word, build: () => Made): Row<Word, never, Made> => ({
  key,
  schema: z.literal(key),
  models: [],
  targets: none,
  build: () => build(),
  docs: key,
});

/** The targets of a form that names no node. */
export const none = (): readonly Reference[] => [];

/** Nodes that are the names of a record. */
export const keysOf = (record: object, ...path: Path): Reference[] =>
  Object.keys(record).map((name) => ({ name, path: [...path, name], of: "node" }));

/** Nodes that are the values of a record. */
export const valuesOf = (record: Readonly<Record<string, string>>, ...path: Path): Reference[] =>
  Object.entries(record).flatMap(([name, node]) => nodeAt(node, ...path, name));

/** A node that one field names. */
export const nodeAt = (name: string | undefined, ...path: Path): Reference[] =>
  name === undefined ? [] : [{ name, path, of: "node" }];

/** References as they stand below another place. */
export const below = (path: Path, references: readonly Reference[]): Reference[] =>
  references.map((each) => ({ ...each, path: [...path, ...each.path] }));
