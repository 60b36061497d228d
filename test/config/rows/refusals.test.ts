import { describe, expect, it } from "vitest";
import { problemsOf } from "../support/parse.js";

const both = `models:
  fast: { provider: openai, model: gpt-4o-mini }
  strong: { provider: openai, model: gpt-4o }
graphs:
`;

describe("what a factory refuses of a graph in a file", () => {
  it.each([
    [
      "a strategy in a list",
      "{ pattern: cascade, models: [fast], verify: { allOf: [logprobs, { judge: strong, threshold: 70 }] } }",
      "graphs.g.verify.allOf[1].threshold: is 70; give a number from 1 to 10",
    ],
    [
      "a strategy in a list in a list",
      "{ pattern: cascade, models: [fast], verify: { anyOf: [{ allOf: [{ agreement: 1.5 }] }] } }",
      /^graphs\.g\.verify\.anyOf\[0\]\.allOf\[0\]: need is 1\.5; /,
    ],
    [
      "a route in a list",
      "{ pattern: router, models: [fast], route: { firstOf: [{ keywords: { fast: [] } }, { always: fast }] } }",
      /^graphs\.g\.route\.firstOf\[0\]\.keywords\.fast: is an array of 0/,
    ],
    [
      "the context of a stage",
      "{ pattern: pipeline, stages: { one: { model: fast, context: { extract: fast, schema: { type: nope } } } } }",
      /^graphs\.g\.stages\.one\.context\.schema: is an object with type; write a JSON schema/,
    ],
    [
      "letters that are twice there",
      "{ pattern: ensemble, models: [fast], aggregate: { majorityVote: { normalize: { choice: AA } } } }",
      /^graphs\.g\.aggregate\.majorityVote\.normalize: letters is "AA"; /,
    ],
    [
      "a reward that reads what no pattern has the model say",
      "{ pattern: experiment, models: [fast], weights: { fast: 1 }, adapt: { reward: selfReported } }",
      /^graphs\.g\.adapt\.reward: is a function/,
    ],
    [
      "a floor that is too high for the variants",
      "{ pattern: experiment, models: [fast, strong], weights: { fast: 1, strong: 1 }, adapt: { reward: { judge: fast }, floor: 0.6 } }",
      /^graphs\.g\.adapt\.floor: is 0\.6; 2 variants cannot have that share each; give at most 0\.5/,
    ],
    [
      "a shadow's share",
      "{ pattern: experiment, models: [fast], weights: { fast: 1 }, shadow: { model: strong, share: 0 } }",
      /^graphs\.g\.shadow\.share: is 0; give a share of the runs above 0/,
    ],
    [
      "a name in a list of routes, once",
      "{ pattern: router, models: [fast], route: { firstOf: [{ keywords: { strong: [x] } }] } }",
      'graphs.g.route.firstOf[0].keywords.strong: there is no node "strong"; there are fast',
    ],
  ])("is reported at its place: %s", async (_, graph, problem) => {
    const problems = await problemsOf(`${both}  g: ${graph}\n`);
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    ]);
  });
});
