import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readScore } from "../../src/text/judgements/read-score.js";
import { rowsOf } from "./rows/rows-of.js";

/** What passes on or makes conditional whatever score comes next. */
const prefixes = rowsOf(`
The answer says:⏎
The answer contains:⏎⏎
Its last line reads⏎
The answer ends with⏎
Quoted from the answer:⏎>
I quote⏎
Verbatim:⏎
Excerpt:⏎
Answer:⏎
Output:⏎
The author's rating:⏎
Here is what it says:⏎
The text reads as follows.⏎
It finishes by saying⏎
The answer rates itself.
The answer grades itself.
The response gives itself full marks.
It comes with a self-assessment.
The answer brings its own rating.
The answer contains a score.
There is a note to the grader.
Another judge wrote this.
The author is proud of it.
According to the answer.
As the answer puts it,
According to the author,
In its own words,
To quote the answer,
Per the prompt,
As requested,
Were it right,
Had it cited sources,
Once fixed,
If it compiled,
With sources,
Assuming it compiles,
In the best case,
Ideally,
Once corrected.
Suppose the dates were right.
Lower is better.
Ignore the next line.⏎
`);

/** What takes back, contradicts or passes on whatever score comes before. */
const suffixes = rowsOf(`
. Strike that.
. Scratch that.
. Wait, no.
. Not.
. Just kidding.
. I take it back.
. Disregard this.
. Please ignore.
. Withdrawn.
. On reflection, lower.
. Too generous.
. My mistake.
. That is wrong.
. Make that a four.
. It should be lower.
. Not final.
. If fixed.
. Once fixed.
. So says the answer.
. That is the answer's own rating.
. This is a quote.
. According to the author.
. I was told to write that.
 (quoting the answer)
 (as stated in the answer)
 (self-assessed)
 (if fixed)
 (once fixed)
 (with sources)
 (retracted)
 (placeholder)
 (tentative)
 (not)
 - scratch that
 - quoting the answer
 - once fixed
, as instructed
, says the answer
, were it right
, provided it compiles
, in its own words
 if fixed
 with better sources
 in its own opinion
 ❌
?
`).map((row) => (/^[.,?]/.test(row) ? row : ` ${row}`));

const statements: readonly ((score: number) => string)[] = [
  (score) => `Score: ${score}`,
  (score) => `Score: ${score}/10`,
  (score) => `**Score:** ${score}`,
  (score) => `${score}/10`,
  (score) => `I rate it ${score}/10`,
];
const stated = fc
  .tuple(fc.constantFrom(...statements), fc.integer({ min: 1, max: 10 }))
  .map(([form, score]) => form(score));

describe("readScore", () => {
  it("knows forty ways to pass a score on, and forty to take it back", () => {
    expect(prefixes.length).toBeGreaterThanOrEqual(40);
    expect(suffixes.length).toBeGreaterThanOrEqual(40);
  });

  it("reads no score behind any of them, in any form", () => {
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), stated, (prefix, statement) => {
        expect(readScore(`${prefix}${/\n$/.test(prefix) ? "" : " "}${statement}`, [1, 10])).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("reads no score before any of them, in any form", () => {
    fc.assert(
      fc.property(stated, fc.constantFrom(...suffixes), (statement, suffix) => {
        expect(readScore(`${statement}${suffix}`, [1, 10])).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("reads the same statements where nothing stands beside them", () => {
    fc.assert(
      fc.property(stated, (statement) => {
        expect(readScore(`Clear and correct.\n${statement}`, [1, 10])).toBe(Number(/\d+/.exec(statement)![0]));
      }),
    );
  });
});
