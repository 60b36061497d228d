import { describe, expect, it } from "vitest";
import { readScore } from "../../src/text/judgements/read-score.js";
import { conditionalScores } from "./rows/conditional-scores.js";
import { plainScores } from "./rows/plain-scores.js";
import { reportedScores } from "./rows/reported-scores.js";
import { takenBackScores } from "./rows/taken-back-scores.js";

const outOfTen = (text: string) => readScore(text, [1, 10]);

describe("readScore", () => {
  it.each(plainScores)("reads the 8 of %j", (text) => expect(outOfTen(text)).toBe(8));
  it.each(reportedScores)("reads no score of %j, which is somebody else's", (text) =>
    expect(outOfTen(text)).toBeUndefined(),
  );
  it.each(conditionalScores)("reads no score of %j, which depends on something", (text) =>
    expect(outOfTen(text)).toBeUndefined(),
  );
  it.each(takenBackScores)("reads no score of %j, which is taken back", (text) =>
    expect(outOfTen(text)).toBeUndefined(),
  );
});
