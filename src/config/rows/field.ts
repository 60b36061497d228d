import type { z } from "zod";
import type { ModelEntry } from "../../index.js";
import { mapValues } from "../map-values.js";
import type { Path } from "../text/read-document.js";
import { fields, modelName, text } from "./fields.js";
import { type Place, type Reference, within } from "./place.js";

/** A value of a spec that contains references or is built into something; any other value needs only a schema. */
export interface Field<Schema extends z.ZodType = z.ZodType, Made = unknown> {
  readonly schema: Schema;
  build(spec: NonNullable<z.infer<Schema>>, place: Place): Made;
  references(spec: NonNullable<z.infer<Schema>>, path: Path): readonly Reference[];
}

export type Fields = Readonly<Record<string, Field | z.ZodType>>;

type Shape<Members> = {
  -readonly [Name in keyof Members]: Members[Name] extends Field<infer Schema> ? Schema : Members[Name];
};

/** The schema of a set of fields. */
export type SetOf<Members> =
  Shape<Members> extends infer S extends z.ZodRawShape ? ReturnType<typeof fields<S>> : never;

/** The values of a set of fields after building: model entries for names, strategies for specs. */
export type Built<Members> = {
  [Name in keyof z.infer<SetOf<Members>>]: Name extends keyof Members
    ? Members[Name] extends Field<z.ZodType, infer Made>
      ? Made
      : z.infer<SetOf<Members>>[Name]
    : never;
};

/** Combines fields into an object. */
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

/** A list of a field, given as a function since a kind of strategy may contain itself. */
export const listOf = <Spec, Made>(
  schema: z.ZodType<Spec[]>,
  field: () => Field<z.ZodType<Spec>, Made>,
): Field<z.ZodType<Spec[]>, Made[]> => ({
  schema,
  build: (list, place) => list.map((each, index) => field().build(each!, within(place, index))),
  references: (list, path) => list.flatMap((each, index) => field().references(each!, [...path, index])),
});

/** A record whose keys or values are references. */
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

/** A reference that is built as the name itself. */
export const nameOf = (of: Reference["of"], schema = text): Field<z.ZodString, string> => ({
  schema,
  build: (name) => name,
  references: (name, path) => [{ name, path, of }],
});

/** A reference to a model or graph. */
export const member = nameOf("model or graph", modelName);

/** A reference to a model that judges, routes or sums up, built without tools. */
export const judging: Field<z.ZodString, ModelEntry> = { ...member, build: (name, { find }) => find(name) };

/** A reference to a model that answers, built with its tools. */
export const answering: Field<z.ZodString, ModelEntry> = {
  ...member,
  build: (name, { find, addTools }) => addTools(name, find(name)),
};
