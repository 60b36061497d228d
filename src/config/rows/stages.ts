import type { z } from "zod";
import type { Stage } from "../../index.js";
import { mapValues } from "../map-values.js";
import { Parameters } from "../models/parameters.js";
import { context } from "./context.js";
import { count, fields, modelName, named, oneOf, text } from "./fields.js";
import { nextFields, toNext } from "./next.js";
import { answers, type Part, type Place, referencesIn, within } from "./part.js";
import type { Reference } from "./row.js";

const StageSpec = fields({
  model: modelName,
  systemPrompt: text.optional(),
  prompt: text.optional().describe("A key of prompts"),
  parameters: Parameters.optional(),
  context: context.schema.optional(),
  ...nextFields,
  maxVisits: count.optional(),
}).meta({ id: "Stage" });
type StageSpec = z.infer<typeof StageSpec>;

/** How `docs/config.md` writes a stage. */
export const stageDocs = `{ ${Object.keys(StageSpec.shape).join(", ")} }`;

const schema = named(oneOf("write the name of a model, or { model, … }", [modelName, StageSpec]));
type Stages = z.infer<typeof schema>;

/** The stages of a pipeline: each a model, or a model with settings of its own. */
export const stages: Part<Stages, Record<string, Stage<string>>> & { readonly schema: typeof schema } = {
  schema,
  build: (specs, place) => mapValues(specs, (stage, name) => toStage(stage, within(place, name))),
  references: (specs, path) =>
    Object.entries(specs).flatMap(([name, stage]) => {
      const there = [...path, name];
      if (typeof stage === "string") return answers.references(stage, there);
      const prompt: Reference[] =
        stage.prompt === undefined ? [] : [{ name: stage.prompt, path: [...there, "prompt"], of: "prompt" }];
      return [...referencesIn(stage, { model: answers, context }, there), ...prompt];
    }),
};

function toStage(spec: string | StageSpec, place: Place): Stage<string> {
  const { find, variant, arm, path } = place;
  if (typeof spec === "string") return arm(spec, find(spec));
  const { model, maxVisits } = spec;
  const next = toNext(spec, path);
  return {
    ...arm(model, variant(model, find(model), spec)),
    ...(spec.context && { context: context.build(spec.context, within(place, "context")) }),
    ...(next && { next }),
    ...(maxVisits && { maxVisits }),
  };
}
