import type { z } from "zod";
import { type NextStage, type Stage, untilApproved } from "../../index.js";
import { Parameters } from "../models/parameters.js";
import { context } from "./context.js";
import { answering, type Field, member, nameOf, optional, recordOf, setOf } from "./field.js";
import { count, named, oneOf, text } from "./fields.js";
import type { Row } from "./row.js";

/** Forms of the choice of the next stage; each is a field of a stage. */
export const next = {
  untilApproved: {
    key: "untilApproved",
    schema: text.describe("The stage this one sends work back to until it approves"),
    build: (stage) => untilApproved(stage),
    references: () => [], // the factory knows which stages come before
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

/** How `docs/config.md` writes a stage. */
export const stageDocs = `{ ${Object.keys(StageSpec.shape).join(", ")} }`;

/** A stage of a pipeline: a model, or a model with settings of its own. */
const stage: Field<z.ZodType<string | z.infer<typeof StageSpec>>, Stage<string>> = {
  schema: oneOf("write the name of a model, or { model, … }", [answering.schema, StageSpec]),
  build: (spec, place) => {
    if (typeof spec === "string") return answering.build(spec, place);
    const { arm, variant, find } = place;
    const { model, context, untilApproved: next, maxVisits } = settings.build(spec, place);
    return {
      ...arm(model, variant(model, find(model), spec)),
      ...(context && { context }),
      ...(next && { next }),
      ...(maxVisits && { maxVisits }),
    };
  },
  references: (spec, path) =>
    typeof spec === "string" ? answering.references(spec, path) : settings.references(spec, path),
};

export const stages = recordOf(named(stage.schema), { values: stage });
