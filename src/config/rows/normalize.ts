import {
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
} from "../../index.js";
import { fields, text } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { none, row, word } from "./row.js";

const rows = [
  word("text", () => normalizeText),
  word("number", () => normalizeNumber),
  word("yesNo", () => normalizeYesNo),
  row({
    key: "choice",
    schema: fields({ choice: text.describe('Letters: "ABCD"') }),
    models: [],
    targets: none,
    build: ({ choice }) => normalizeChoice(choice),
    docs: "{ choice: ABCD }",
  }),
  row({
    key: "json",
    schema: fields({ json: text.describe("Field of a JSON answer") }),
    models: [],
    targets: none,
    build: ({ json }) => normalizeJson(json),
    docs: "{ json: field }",
  }),
] as const;

/** What makes two answers equal. */
export const normalize = kind<SpecOf<typeof rows>, Normalize>("Normalize", rows);
