import type { z } from "zod";
import type { ModelEntry } from "../../index.js";
import { mapValues } from "../map-values.js";
import type { Path } from "../text/read-document.js";
import { fields, modelName, text } from "./fields.js";
import { type Place, type Reference, within } from "./place.js";

/** A value of a spec that names something or is built; a value that does neither is a schema alone. */
export interface Field<Schema extends z.ZodType = z.ZodType, Made = unknown> {
  readonly schema: Schema;
  build(spec: NonNullable<z.infer<Schema>>, place: Place): Made;
  references(spec: NonNullable<z.infer<Schema>>, path: Path): readonly Reference[];
}

export type Fields = Readonly<Record<string, Field | z.ZodType>>;

type Shape<Members> = {
  -readonly [Name in keyof Members]: Members[Name] extends Field<infer Schema> ? Schema : Members[Name];
};

/** The schema of some fields. */
export type SetOf<Members> =
  Shape<Members> extends infer S extends z.ZodRawShape ? ReturnType<typeof fields<S>> : never;

/** Some fields as strategies are made of them: names of models became entries, specs what is built of them. */
export type Built<Members> = {
  [Name in keyof z.infer<SetOf<Members>>]: Name extends keyof Members
    ? Members[Name] extends Field<z.ZodType, infer Made>
      ? Made
      : z.infer<SetOf<Members>>[Name]
    : never;
};

/** A set of fields, each by its name. */
export const setOf = <const Members extends Fields>(members: Members): Field<SetOf<Members>, Built<Members>> => ({
  schema: fields(mapValues(members, (each) => ("build" in each ? each.schema : each))) as unknown as SetOf<Members>,
  build: (spec, place) =>
    mapValues(spec as Record<string, unknown>, (value, name) => {
      const field = members[name]!;
      return "build" in field ? field.build(value as never, within(place, name)) : value;
    }) as Built<Members>,
  references: (spec, path) =>
    Object.entries(spec as Record<string, unknown>).flatMap(([name, value]) => {
      const field = members[name]!;
      return "build" in field ? field.references(value as never, [...path, name]) : [];
    }),
});

export const optional = <Schema extends z.ZodType, Made>(
  field: Field<Schema, Made>,
): Field<z.ZodOptional<Schema>, Made> => ({ ...(field as Field<never, Made>), schema: field.schema.optional() });

/** A list; the field is read late, since a kind of strategy may hold itself. */
export const listOf = <Spec, Made>(
  schema: z.ZodType<Spec[]>,
  field: () => Field<z.ZodType<Spec>, Made>,
): Field<z.ZodType<Spec[]>, Made[]> => ({
  schema,
  build: (list, place) => list.map((each, index) => field().build(each!, within(place, index))),
  references: (list, path) => list.flatMap((each, index) => field().references(each!, [...path, index])),
});

/** Values by name, where the names, the values or both are names of something. */
export const recordOf = <Value, Made = Value>(
  schema: z.ZodType<Readonly<Partial<Record<string, Value>>>>,
  { keys, values }: { readonly keys?: Reference["of"]; readonly values?: Field<z.ZodType<Value>, Made> },
): Field<z.ZodType<Record<string, Value>>, Record<string, Made>> => ({
  schema: schema as z.ZodType<Record<string, Value>>,
  build: (record, place) =>
    mapValues(record, (value, name) => values?.build(value!, within(place, name)) ?? (value as unknown as Made)),
  references: (record, path) =>
    Object.entries(record).flatMap(([name, value]) => [
      ...(values?.references(value!, [...path, name]) ?? []),
      ...(keys === undefined ? [] : [{ name, path: [...path, name], of: keys }]),
    ]),
});

/** A name of something that stays a name. */
export const nameOf = (of: Reference["of"], schema = text): Field<z.ZodString, string> => ({
  schema,
  build: (name) => name,
  references: (name, path) => [{ name, path, of }],
});

/** A model or graph by its name. */
export const member = nameOf("model or graph", modelName);

/** A model that judges, routes or sums up, without tools. */
export const judging: Field<z.ZodString, ModelEntry> = { ...member, build: (name, { find }) => find(name) };

/** A model that answers, with its tools. */
export const answering: Field<z.ZodString, ModelEntry> = {
  ...member,
  build: (name, { find, arm }) => arm(name, find(name)),
};
