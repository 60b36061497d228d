import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createEnsemble,
  InvalidOptionError,
  type LaneAnswers,
  normalizeNumber,
  weightedVote,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";
import { pollOf } from "./poll.js";

const answer = (name: string, text: string) => ({ name, message: new AIMessage(text) });
const failure = (name: string) => ({ name, class: "server" as const, message: "" });

describe("weightedVote", () => {
  it("lets one heavy voice win over two light ones, and counts a failed lane against it", async () => {
    const models = {
      a: saying("no"),
      b: saying("no"),
      large: saying("yes"),
      down: { model: saying(httpError(500)), retry: false } as const,
    };
    const aggregate = weightedVote({ weights: { large: 2.5 } });
    const result = await createEnsemble({ models, aggregate, stopEarly: false }).compile().invoke({ messages: "Q" });
    expect(result).toMatchObject({
      modelUsed: "large",
      confidence: 2.5 / 5.5,
      aggregate: { votes: { yes: 2.5, no: 2 } },
    });
  });

  it("is a function of the answers: adds up weights, 1 for whom none is given", async () => {
    const { turn } = pollOf(["no", "No.", "yes", undefined]);
    expect(await weightedVote({ weights: { lane2: 2.5 } })(turn)).toMatchObject({
      winner: "lane2",
      confidence: 2.5 / 5.5,
      votes: { yes: 2.5, no: 2 },
      reason: "a weight of 2.5 of 5.5 agrees",
    });
    expect(await weightedVote({ weights: { lane2: 2 } })(turn)).toMatchObject({ winner: "lane0" });
  });

  it("is settled only when no open lane can change the winner", () => {
    const names = ["a", "b", "c", "d"];
    fc.assert(
      fc.property(
        fc.record({ a: fc.double({ min: 0, max: 4, noNaN: true }), c: fc.double({ min: 0, max: 4, noNaN: true }) }),
        fc.array(fc.constantFrom("x", "y", "z"), { minLength: 4, maxLength: 4 }),
        fc.nat(4),
        (weights, texts, seen) => {
          const vote = weightedVote({ weights });
          const all = names.map((name, index) => answer(name, texts[index]!));
          const part: LaneAnswers = { answers: all.slice(0, seen), failures: [], asked: 4 };
          if (!vote.settled!(part)) return;
          const winner = (poll: LaneAnswers) =>
            (vote({ ...poll, messages: [], ask: undefined as never, state: {}, config: {} }) as { message: AIMessage })
              .message.text;
          expect(winner({ answers: all, failures: [], asked: 4 })).toBe(winner(part));
        },
      ),
    );
  });

  it("knows what a failed lane weighed", () => {
    const vote = weightedVote({ weights: { a: 5 } });
    expect(vote.settled!({ answers: [answer("b", "x")], failures: [failure("a")], asked: 2 })).toBe(true);
    expect(vote.settled!({ answers: [answer("b", "x")], failures: [], asked: 2 })).toBe(false);
  });

  it("gives an answer with nothing to compare no vote, however heavy its model", async () => {
    const vote = weightedVote({ weights: { lane0: 3 }, normalize: normalizeNumber });
    const { turn, poll } = pollOf(["I do not know", "5", "5"]);
    expect(await vote(turn)).toMatchObject({
      winner: "lane1",
      confidence: 2 / 5,
      agreement: "partial",
      votes: { "5": 2 },
      reason: "a weight of 2 of 5 agrees",
    });
    expect(vote.settled!({ ...poll, answers: poll.answers.slice(0, 2) })).toBe(false);
    expect(await vote(pollOf(["I do not know"]).turn)).toMatchObject({ winner: "lane0", agreement: "none", votes: {} });
  });

  it("says how far the winner's weight agrees, not how many gave another answer", async () => {
    const { turn } = pollOf(["yes", "no", "no"]);
    expect(await weightedVote({ weights: { lane0: 5 } })(turn)).toMatchObject({
      winner: "lane0",
      agreement: "majority",
    });
    expect(await weightedVote({ weights: { lane0: 2 } })(turn)).toMatchObject({ winner: "lane0", agreement: "none" });
  });

  it("stops early although a weight names no lane", async () => {
    const vote = weightedVote({ weights: { large: 9 } });
    const poll = { answers: [answer("a", "x"), answer("b", "x")], failures: [], asked: 3 };
    expect(vote.settled!(poll)).toBe(false);
    expect(vote.settled!({ ...poll, lanes: ["a", "b", "c"] })).toBe(true);
  });

  it("counts lanes that are still open among all weights", async () => {
    const { turn } = pollOf(["x", "x"], 3);
    expect(await weightedVote({ weights: { large: 0.5 } })(turn)).toMatchObject({ confidence: 2 / 3 });
  });

  it("is not settled while an open lane can tie", () => {
    const vote = weightedVote({ weights: { a: 1 } });
    expect(vote.settled!({ answers: [answer("a", "x"), answer("b", "y")], failures: [], asked: 3 })).toBe(false);
  });

  it("expects the heaviest of the lanes whose names are unknown, and no more of them than are open", () => {
    const poll = { answers: [answer("a", "x")], failures: [], asked: 2 };
    expect(weightedVote({ weights: { a: 1, small: 0.5 } }).settled!(poll)).toBe(false);
    expect(weightedVote({ weights: { a: 1.2, small: 0.5 } }).settled!(poll)).toBe(true);
  });

  it("prefers an answer without weight to one with nothing to compare", async () => {
    const vote = weightedVote({ weights: { lane0: 0, lane1: 0, large: 1 }, normalize: normalizeNumber });
    const result = await vote(pollOf(["I do not know", "5"]).turn);
    expect(result).toMatchObject({ winner: "lane1", confidence: null });
    expect(result.votes).toEqual({ "5": 0 });
  });

  it("refuses weights that are no record of names", () => {
    for (const weights of [null, undefined, "large", 2, [1, 2]])
      expect(() => weightedVote({ weights: weights as never })).toThrow(/give a weight for each name/);
  });

  it("refuses weights that are none", () => {
    const refused: Record<string, number>[] = [{}, { a: 0, b: 0 }, { a: -1 }, { a: Number.NaN }, { a: Infinity }];
    for (const weights of refused) expect(() => weightedVote({ weights })).toThrow(InvalidOptionError);
  });
});
