import { z } from "zod";
import type { Field } from "./field.js";
import type { Row } from "./row.js";

/** A kind of strategy, with its forms in a file. */
export interface Kind<Spec, Made> extends Field<z.ZodType<Spec>, Made> {
  readonly rows: readonly Row[];
}

/** The specs that a set of rows accepts. */
export type SpecOf<Rows extends readonly Row[]> = z.infer<Rows[number]["schema"]>;

/** Combines rows into a kind; `id` is its name in `models.schema.json`. */
export function kind<Spec, Made>(id: string, rows: readonly Row<z.ZodType, Made>[]): Kind<Spec, Made> {
  const words = rows.filter(isWord).map(({ key }) => key);
  const forms = rows.filter((each) => !isWord(each));
  const rowOf = (spec: unknown) =>
    rows.find((each) => (isWord(each) ? each.key === spec : Object.hasOwn(Object(spec), each.key)))!;
  const error = `write ${choice(words)}, or an object with ${choice(forms.map(({ key }) => key))}`;
  const schema = z.union([z.enum(words), ...forms.map((each) => each.schema)], { error }).meta({ id });
  return {
    rows,
    schema: schema as z.ZodType as z.ZodType<Spec>,
    build: (spec, place) => rowOf(spec).build(spec, place),
    references: (spec, path) => rowOf(spec).references(spec, path),
  };
}

const isWord = ({ schema }: Row) => schema instanceof z.ZodLiteral;

const choice = (names: readonly string[]) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" or ");
