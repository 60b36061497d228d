import { z } from "zod";
import { fields, text } from "./fields.js";
import type { Part } from "./part.js";
import type { Built, Reference } from "./row.js";

const shared = { description: text.optional() };

type Schema<Key extends string, Options extends z.ZodRawShape> = ReturnType<
  typeof fields<{ pattern: z.ZodLiteral<Key> } & typeof shared & Options>
>;
type Spec<Options extends z.ZodRawShape> = z.infer<z.ZodObject<Options>>;

/** A pattern in a file: its name, and the options of its factory. */
export interface Pattern<Key extends string = string, Options extends z.ZodRawShape = z.ZodRawShape, Models = unknown> {
  readonly key: Key;
  readonly schema: Schema<Key, Options>;
  /** Options that name models or graphs, and whether these answer or decide. */
  readonly models: Models;
  /** Names that must be nodes of the pattern. */
  targets(spec: Spec<Options>): readonly Reference[];
  build(options: Built<Spec<Options>, keyof Models>): unknown;
  /** What it does, for `docs/config.md`. */
  readonly docs: string;
}

/** Types a pattern by its options: a model that is missing from `models` stays a text, which no factory accepts. */
export function pattern<
  const Key extends string,
  Options extends z.ZodRawShape,
  Models extends { readonly [Option in keyof Options]?: Part<never> },
>(parts: Omit<Pattern<Key, Options, Models>, "schema"> & { readonly options: Options }): Pattern<Key, Options, Models> {
  const { options, ...row } = parts;
  return { ...row, schema: fields({ pattern: z.literal(parts.key), ...shared, ...options }) };
}
