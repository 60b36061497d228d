import { z } from "zod";
import { buildFields, decides, type Part, type Parts, referencesIn } from "./part.js";
import { placed } from "./refusal.js";
import { type Built, below, type Row } from "./row.js";

/** A kind of strategy: the forms a file has for it, as one schema and one part. */
export interface Kind<Spec = unknown, Made = unknown> extends Part<Spec, Made> {
  readonly schema: z.ZodType<Spec>;
  readonly rows: readonly Row[];
}

/** The specs that the schemas of rows accept. */
export type SpecOf<Rows extends readonly Row[]> = z.infer<Rows[number]["schema"]>;

/**
 * Makes a kind of its rows.
 *
 * @param id its name in `models.schema.json`
 * @param inner fields of rows that hold strategies; read late, since a kind may hold itself
 */
export function kind<Spec, Made>(
  id: string,
  rows: readonly Row<unknown, unknown, Made>[],
  inner: () => Parts = () => ({}),
): Kind<Spec, Made> {
  const words = rows.filter(isWord).map(({ key }) => key);
  const forms = rows.filter((each) => !isWord(each));
  const rowOf = (spec: unknown) =>
    typeof spec === "string"
      ? rows.find((each) => isWord(each) && each.key === spec)!
      : forms.find(({ key }) => Object.hasOwn(spec as object, key))!;
  const partsOf = ({ models }: Row): Parts => ({
    ...inner(),
    ...Object.fromEntries(models.map((field) => [field, decides])),
  });
  const hint = `write ${choice(words)}, or an object with ${choice(forms.map(({ key }) => key))}`;
  const schema = z.union([z.enum(words), ...forms.map((each) => each.schema)], { error: hint }).meta({ id });
  return {
    schema: schema as z.ZodType as z.ZodType<Spec>,
    rows,
    build: (spec, place) => {
      const row = rowOf(spec);
      const fields = typeof spec === "object" ? buildFields(spec as object, partsOf(row), place) : {};
      return placed(place.path, spec, row.key, () => row.build(fields as Built<unknown, unknown>));
    },
    references: (spec, path) => {
      if (typeof spec === "string") return [];
      const row = rowOf(spec);
      return [...below(path, row.targets(spec)), ...referencesIn(spec as object, partsOf(row), path)];
    },
  };
}

const isWord = ({ schema }: Row) => schema instanceof z.ZodLiteral;

const choice = (names: readonly string[]) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" or ");
