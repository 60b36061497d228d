import { z } from "zod";
import { type Built, type Field, type Fields, type SetOf, setOf } from "./field.js";
import type { Place, Reference } from "./place.js";
import { placed } from "./refusal.js";

/** One form of a strategy in a file. */
export interface Row<Schema extends z.ZodType = z.ZodType, Made = unknown> extends Field<Schema, Made> {
  /** Its word, or the field that distinguishes it from other forms. */
  readonly key: string;
  /** Its text in `docs/config.md`. */
  readonly docs: string;
}

interface Parts<Members extends Fields, Made> {
  /** Its fields; the first one distinguishes it from other forms. */
  readonly fields: Members;
  /** Makes the strategy of the built fields. */
  readonly build: (spec: Built<Members>, place: Place) => Made;
  readonly docs: string;
  /** References that depend on several fields, relative to the spec. */
  readonly targets?: (spec: z.infer<SetOf<Members>>) => readonly Reference[];
}

/** Makes a form with fields. */
export function row<const Members extends Fields, Made>(parts: Parts<Members, Made>): Row<SetOf<Members>, Made> {
  const { fields, build, docs, targets = () => [] } = parts;
  const set = setOf(fields);
  const [key] = Object.keys(fields) as [string];
  return {
    ...set,
    key,
    docs,
    build: (spec, place) => placed(place.path, spec, key, () => build(set.build(spec, place), place)),
    references: (spec, path) => [
      ...set.references(spec, path),
      ...targets(spec).map((each) => ({ ...each, path: [...path, ...each.path] })),
    ],
  };
}

/** Makes a form that is one word. */
export const word = <const Word extends string, Made>(key: Word, make: () => Made): Row<z.ZodLiteral<Word>, Made> => ({
  key,
  docs: key,
  schema: z.literal(key),
  build: () => make(),
  references: () => [],
});
