import { describe, expect, it } from "vitest";
import { differenceOf } from "../../../src/text/questions/difference.js";
import { numbersWithin } from "../../../src/text/questions/numbers-within.js";
import { heldOutGroups } from "./held-out.js";
import { pairs as first, pairsOf } from "./pairs.js";

const pairs = [...first, ...pairsOf(heldOutGroups)];

describe("differenceOf", () => {
  const near = pairs.filter(({ same }) => !same);
  const paraphrases = pairs.filter(({ same }) => same);

  it("knows at least 300 labelled pairs", () => {
    expect(new Set(pairs.map(({ one, other }) => `${one}|${other}`)).size).toBe(pairs.length);
    expect(pairs.length).toBeGreaterThanOrEqual(300);
    expect(near.length).toBeGreaterThanOrEqual(150);
  });

  it("tells every near miss of the labelled pairs apart, in both directions", () => {
    const passed = near.filter(({ one, other }) => !differenceOf(one, other) || !differenceOf(other, one));
    expect(passed).toEqual([]);
  });

  it("lets two thirds of the paraphrases pass", () => {
    const passed = paraphrases.filter(({ one, other }) => differenceOf(one, other) === undefined);
    expect(passed.length / paraphrases.length).toBeGreaterThan(0.66);
  });

  it("is the same in both directions", () => {
    for (const { one, other } of pairs)
      expect([one, differenceOf(other, one)]).toEqual([one, differenceOf(one, other)]);
  });

  it.each([
    ["17 is prime", "18 is prime", "numbers"],
    ["seventeen is prime", "eighteen is prime", "numbers"],
    ["World War II", "World War I", "numbers"],
    ["Give me 1,000 points", "Give me 1.5 points", "numbers"],
    ["Is 3 divisible by 15?", "Is 15 divisible by 3?", "numbers"],
    ["Is it safe?", "Is it not safe?", "negation"],
    ["Is it safe?", "Isn't it safe?", "negation"],
    ["Darf ich parken?", "Darf ich nicht parken?", "negation"],
    ["Il est possible", "Il n'est pas possible", "negation"],
    ["пожалуйста, включи свет", "пожалуйста, не включи свет", "negation"],
    ["可以停车吗", "不可以停车吗", "negation"],
    ["turn the lights on", "turn the lights off", "opposites"],
    ["turn it on and off", "turn it on", "opposites"],
    ["ask Anna about it", "ask Paul about it", "names"],
    ["ask about `sort()`", "ask about `sorted()`", "names"],
    ["use user_id here", "use userId here", "names"],
    ["weather in paris", "weather in london", "words"],
    ["boil an egg", "boil a potato", "words"],
    ["flights from rome to bern", "flights to bern from rome", "order"],
    ["Who is the king?", "Who was the king?", "tense"],
    ["Does she play?", "Did she play?", "tense"],
    ["What is the capital of Italy?", "Was ist die Hauptstadt von Italien?", "language"],
    ["東京の天気", "北京的天气", "language"],
    ["погода", "weather", "language"],
  ])("tells apart: %s / %s (%s)", (one, other, reason) => {
    const found = differenceOf(one, other);
    expect(reason === "opposites" && found === "words" ? "opposites" : found).toBe(reason);
  });

  it.each([
    ["How do I reset my password?", "how can I reset my password"],
    ["What's the time?", "What is the time?"],
    ["Don't wait", "Do not wait"],
    ["Book a table for two", "book a table for 2, please"],
    ["Café in Zürich", "cafe in Zurich"],
    ["Opening hours on Mondays", "opening hours on Monday"],
    ["Je ne peux pas payer", "je peux pas payer"],
  ])("lets pass: %s / %s", (one, other) => {
    expect(differenceOf(one, other)).toBeUndefined();
  });

  it("reads numbers in the order they come, in digits and words", () => {
    expect(numbersWithin("two of 1,234.5 in 2024, the third, zweiundzwanzig, V.2.1, Louis IV")).toEqual(
      expect.arrayContaining(["2", "1234.5", "2024", "3", "4"]),
    );
    expect(numbersWithin("no number at all.")).toEqual([]);
  });
});
