import { describe, expect, it } from "vitest";
import { readLabel } from "../../src/routing/read-label.js";
import { doubtfulLabels, plainLabels } from "../text/rows/labels.js";

describe("readLabel", () => {
  it.each(plainLabels)("reads the label of %j", (text) => expect(readLabel(text, ["code", "chat"])).toBe("code"));
  it.each(doubtfulLabels)("chooses nothing by %j", (text) => expect(readLabel(text, ["code", "chat"])).toBeUndefined());
});
