import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InvalidOptionError } from "../../src/errors/index.js";
import { matchesSchema } from "../../src/verification/matches-schema.js";
import { verdictOf } from "./turn.js";

const Book = z.object({ title: z.string(), year: z.number().int() });
const verify = matchesSchema(Book);

describe("matchesSchema", () => {
  it.each(['Here [as asked]: {"a":1}', '{"a":1} Note: done {ok}', '<think>{x}</think>{"a":1}', 'See [1].\n{"a":1}'])(
    "finds the JSON in %j",
    async (text) => {
      expect((await verdictOf(matchesSchema(z.object({ a: z.literal(1) })), text)).pass).toBe(true);
    },
  );

  it.each([
    '{"title":"Emma","year":1815}',
    ' \n{"title":"Emma","year":1815}\n',
    '```json\n{"title":"Emma","year":1815}\n```',
    '```\n{"title":"Emma","year":1815}\n```',
    'Here it is:\n```json\n{ "title": "`Emma`", "year": 1815 }\n```\nEnjoy!',
    'Here it is: {"title":"Emma","year":1815}.',
  ])("passes %o", async (answer) => {
    expect(await verdictOf(verify, answer)).toEqual({ pass: true, reason: "the answer has the form asked for" });
  });

  it("says what to mend in JSON of another form", async () => {
    const verdict = await verdictOf(verify, '{"title":7,"year":1815.5}');
    expect(verdict).toMatchObject({ pass: false, reason: "the JSON has another form" });
    expect(verdict.feedback).toMatch(/^Mend this:\n.*expected string.*at title.*expected int.*at year/s);
  });

  it.each(["", "Emma, 1815", '{"title":"Emma","year":', "```json\n```", "undefined"])(
    "asks for JSON where there is none: %o",
    async (answer) => {
      expect(await verdictOf(verify, answer)).toEqual({
        pass: false,
        reason: "the answer is not JSON",
        feedback: "Reply with JSON only.",
      });
    },
  );

  it("takes null, false and 0 for the JSON they are", async () => {
    for (const answer of ["null", "false", "0"]) {
      expect(await verdictOf(verify, answer)).toMatchObject({ pass: false, reason: "the JSON has another form" });
      expect(await verdictOf(matchesSchema(z.literal([null, false, 0])), answer)).toMatchObject({ pass: true });
    }
  });

  it("waits for a schema that checks asynchronously", async () => {
    const known = matchesSchema(
      z.object({ title: z.string().refine(async (title) => title === "Emma", "no such book") }),
    );
    expect(await verdictOf(known, '{"title":"Emma"}')).toMatchObject({ pass: true });
    expect(await verdictOf(known, '{"title":"Anna"}')).toMatchObject({
      pass: false,
      feedback: expect.stringContaining("no such book"),
    });
  });

  it("leaves the answer as it is", async () => {
    expect(await verdictOf(matchesSchema(z.coerce.number()), "```\n1\n```")).not.toHaveProperty("answer");
  });

  it("refuses what is no schema", () => {
    expect(() => matchesSchema({ title: "string" } as never)).toThrow(InvalidOptionError);
    expect(() => matchesSchema(undefined as never)).toThrow(/matchesSchema\.schema/);
  });
});
