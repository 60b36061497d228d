import { type NextStage, untilApproved } from "../../index.js";
import type { Path } from "../text/read-document.js";
import { fields, text } from "./fields.js";
import { placed } from "./refusal.js";
import { none, row } from "./row.js";

const reviewer = { untilApproved: text.describe("The stage this one sends work back to until it approves") };

/** Forms of the choice of the next stage; each is a field of a stage. */
export const nextRows = [
  row({
    key: "untilApproved",
    schema: fields(reviewer),
    models: [],
    targets: none, // the factory knows which stages come before
    build: ({ untilApproved: stage }) => untilApproved(stage),
    docs: "untilApproved: stage",
  }),
] as const;

export const nextFields = fields(reviewer).partial().shape;

/** Builds the choice of the next stage, if the stage has one. */
export function toNext(stage: object, path: Path): NextStage<string> | undefined {
  const found = nextRows.find(({ key }) => Object.hasOwn(stage, key));
  return found && placed(path, stage, found.key, () => found.build(stage as { untilApproved: string }));
}
