import { z } from "zod";
import type { ModelEntry } from "../../index.js";
import { answering, type Field, recordOf } from "./field.js";
import { named, oneOf } from "./fields.js";

type ModelsSpec = string[] | Record<string, string>;

const nodes = recordOf(named(answering.schema), { values: answering });

/** The nodes of a pattern: a list names them after their models, a record gives each a name of its own. */
export const models: Field<z.ZodType<ModelsSpec>, Record<string, ModelEntry>> = {
  schema: oneOf("write a list of models ([fast, strong]), or nodes with the model of each ({ first: fast })", [
    z.array(answering.schema).min(1),
    nodes.schema,
  ]),
  build: (spec, place) =>
    nodes.build(Array.isArray(spec) ? Object.fromEntries(spec.map((name) => [name, name])) : spec, place),
  references: (spec, path) =>
    Array.isArray(spec)
      ? spec.flatMap((name, index) => answering.references(name, [...path, index]))
      : nodes.references(spec, path),
};
