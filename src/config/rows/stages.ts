import type { z } from "zod";
import type { NextStage, Stage } from "../../index.js";
import { Parameters } from "../models/parameters.js";
import { context } from "./context.js";
import { answering, type Field, member, nameOf, optional, recordOf, setOf } from "./field.js";
import { count, named, oneOf, text } from "./fields.js";
import { library } from "./library.js";
import type { Row } from "./row.js";

/** Ways to choose the next stage, each a field of a stage. */
export const next = {
  untilApproved: {
    key: "untilApproved",
    schema: text.describe("The stage this one sends work back to until it approves"),
    build: (stage) => library.untilApproved(stage),
    references: () => [], // the factory checks that the stage comes before
    docs: "untilApproved: stage",
  },
} as const satisfies Record<string, Row<z.ZodString, NextStage<string>>>;

const settings = setOf({
  model: member,
  systemPrompt: text.optional(),
  prompt: optional(nameOf("prompt", text.describe("A key of prompts"))),
  parameters: Parameters.optional(),
  context: optional(context),
  untilApproved: optional(next.untilApproved),
  maxVisits: count.optional(),
});

const StageSpec = settings.schema.meta({ id: "Stage" });

/** A stage's text in `docs/config.md`. */
export const stageDocs = `{ ${Object.keys(StageSpec.shape).join(", ")} }`;

/** A stage of a pipeline: a model, or a model with settings. */
const stage: Field<z.ZodType<string | z.infer<typeof StageSpec>>, Stage<string>> = {
  schema: oneOf("write the name of a model, or { model, … }", [answering.schema, StageSpec]),
  build: (spec, place) => {
    if (typeof spec === "string") return answering.build(spec, place);
    const { addTools, withSettings, find } = place;
    const { model, context, untilApproved: next, maxVisits } = settings.build(spec, place);
    return {
      ...addTools(model, withSettings(model, find(model), spec)),
      ...(context && { context }),
      ...(next && { next }),
      ...(maxVisits && { maxVisits }),
    };
  },
  references: (spec, path) =>
    typeof spec === "string" ? answering.references(spec, path) : settings.references(spec, path),
};

export const stages = recordOf(named(stage.schema), { values: stage });
