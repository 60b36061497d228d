import {
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
} from "../../index.js";
import { text } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { row, word } from "./row.js";

const rows = [
  word("text", () => normalizeText),
  word("number", () => normalizeNumber),
  word("yesNo", () => normalizeYesNo),
  row({
    fields: { choice: text.describe('Letters: "ABCD"') },
    build: ({ choice }) => normalizeChoice(choice),
    docs: "{ choice: ABCD }",
  }),
  row({
    fields: { json: text.describe("Field of a JSON answer") },
    build: ({ json }) => normalizeJson(json),
    docs: "{ json: field }",
  }),
] as const;

/** What makes two answers equal. */
export const normalize = kind<SpecOf<typeof rows>, Normalize>("Normalize", rows);
