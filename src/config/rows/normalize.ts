import type { Normalize } from "../../index.js";
import { text } from "./fields.js";
import { kind, type SpecOf } from "./kind.js";
import { library } from "./library.js";
import { row, word } from "./row.js";

const letters = text.describe('Letters: "ABCD"');
const field = text.describe("Field of a JSON answer");

const rows = [
  word("text", () => library.normalizeText),
  word("number", () => library.normalizeNumber),
  word("yesNo", () => library.normalizeYesNo),
  word("json", () => library.normalizeJson()),
  row({ fields: { choice: letters }, build: (spec) => library.normalizeChoice(spec.choice), docs: "{ choice: ABCD }" }),
  row({ fields: { json: field }, build: (spec) => library.normalizeJson(spec.json), docs: "{ json: field }" }),
] as const;

/** Normalizers, which decide whether two answers are equal. */
export const normalize = kind<SpecOf<typeof rows>, Normalize>("Normalize", rows);
