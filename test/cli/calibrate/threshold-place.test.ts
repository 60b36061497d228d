import { describe, expect, it } from "vitest";
import { thresholdPlaces } from "../../../src/cli/calibrate/threshold-place.js";

const changed = (text: string, value = 8) => thresholdPlaces(text, "it")[0]!.withValue(value);

describe("thresholdPlaces", () => {
  it.each([
    [
      "graphs: { it: { verify: { judge: strong } } } # one",
      "graphs: { it: { verify: { threshold: 8, judge: strong } } } # one",
    ],
    [
      "graphs:\n  it:\n    verify:\n      judge: strong # of ours\n      rubric: Good.\n",
      "graphs:\n  it:\n    verify:\n      threshold: 8\n      judge: strong # of ours\n      rubric: Good.\n",
    ],
    [
      "graphs:\n  it:\n    verify:\n      allOf:\n        - judge: strong\n        - { schema: { type: object } }\n",
      "graphs:\n  it:\n    verify:\n      allOf:\n        - threshold: 8\n          judge: strong\n        - { schema: { type: object } }\n",
    ],
    [
      '{ "graphs": { "it": { "verify": { "judge": "strong" } } } } // JSON',
      '{ "graphs": { "it": { "verify": { "threshold": 8, "judge": "strong" } } } } // JSON',
    ],
    ['{"graphs":{"it":{"verify":"logprobs"}}}', '{"graphs":{"it":{"verify":{ "logprobs": 8 }}}}'],
    [
      "graphs: {it: {verify: {judge: a,\n   threshold:   7.5}}}",
      "graphs: {it: {verify: {judge: a,\n   threshold:   8}}}",
    ],
    [
      "graphs:\r\n  it:\r\n    route: { examples: { a: [Hi] }, threshold: 0.4 }\r\n",
      "graphs:\r\n  it:\r\n    route: { examples: { a: [Hi] }, threshold: 8 }\r\n",
    ],
  ])("changes only the threshold of %j", (text, expected) => {
    expect(changed(text)).toBe(expected);
  });

  it("tries the values of a judge's scale, numbers of equal answers, and shares elsewhere", () => {
    const values = (verify: string) =>
      thresholdPlaces(`graphs: { it: { models: [a, b, c, d], verify: ${verify} } }`, "it")[0]!.thresholds;
    expect(values("{ judge: a }")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(values("{ judge: a, scale: [0, 1] }")).toHaveLength(21);
    expect(values("agreement")).toEqual([2, 3, 4]);
    expect(values("{ selfReported: 0.8 }")).toBeUndefined();
  });

  it("names several, and finds none where there is none", () => {
    const text =
      "graphs: { it: { route: { examples: {}, threshold: 0.4 }, verify: { anyOf: [logprobs, { judge: a }] } } }";
    expect(thresholdPlaces(text, "it").map(({ name }) => name)).toEqual([
      "graphs.it.verify.anyOf[0].logprobs",
      "graphs.it.verify.anyOf[1].threshold",
      "graphs.it.route.threshold",
    ]);
    expect(thresholdPlaces("graphs: { it: { models: [a] } }", "it")).toEqual([]);
  });

  it.each([
    ["x: &mine { judge: a }\ngraphs: { it: { verify: *mine } }", /graphs\.it\.verify is an alias/],
    [`graphs: { it: { verify: { selfReported: "\${SURE}" } } }`, /graphs\.it\.verify\.selfReported is \$\{SURE\}/],
    ["graphs: { it: { verify: { consistency: 3 } } }", /consistency asks as often/],
  ])("refuses %j", (text, why) => {
    expect(() => thresholdPlaces(text, "it")).toThrow(why);
  });
});
