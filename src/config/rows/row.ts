import { z } from "zod";
import { type Built, type Field, type Fields, type SetOf, setOf } from "./field.js";
import { below, type Reference } from "./place.js";
import { placed } from "./refusal.js";

/** One form of a strategy in a file. */
export interface Row<Schema extends z.ZodType = z.ZodType, Made = unknown> extends Field<Schema, Made> {
  /** The word it is written as, or the field that tells it from the other forms. */
  readonly key: string;
  /** How `docs/config.md` writes it. */
  readonly docs: string;
}

interface Parts<Members extends Fields, Made> {
  /** Its fields; the first one tells it from other forms. */
  readonly fields: Members;
  /** Makes the strategy; a model that is a mere text in `fields` stays one, which no strategy accepts. */
  readonly build: (spec: Built<Members>) => Made;
  readonly docs: string;
  /** Nodes that follow from several fields. */
  readonly targets?: (spec: z.infer<SetOf<Members>>) => readonly Reference[];
}

/** A form with fields. */
export function row<const Members extends Fields, Made>(parts: Parts<Members, Made>): Row<SetOf<Members>, Made> {
  const { fields, build, docs, targets = () => [] } = parts;
  const set = setOf(fields);
  const [key] = Object.keys(fields) as [string];
  return {
    ...set,
    key,
    docs,
    build: (spec, place) => placed(place.path, spec, key, () => build(set.build(spec, place))),
    references: (spec, path) => [...set.references(spec, path), ...below(path, targets(spec))],
  };
}

/** A form that is one word. */
export const word = <const Word extends string, Made>(key: Word, make: () => Made): Row<z.ZodLiteral<Word>, Made> => ({
  key,
  docs: key,
  schema: z.literal(key),
  build: () => make(),
  references: () => [],
});
