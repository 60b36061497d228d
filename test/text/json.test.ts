import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { matchesSchema, normalizeJson, readStructured } from "../../src/index.js";
import { findJson, parseJson } from "../../src/text/json.js";
import { verdictOf } from "../verification/turn.js";

const City = z.object({ city: z.string() });
const form = { name: "city", description: "", schema: City };

/** Answers with several JSON texts, of which the one with Paris is meant. */
const answers = [
  '{"city":"Paris"}',
  'For example {"city":"Some Example Name"}. Answer:\n{"city":"Paris"}',
  'Example:\n```json\n{"city":"X"}\n```\nAnswer:\n```json\n{"city":"Paris"}\n```',
  'Example:\n```json\n{"city":"X"}\n```\nAnswer: {"city":"Paris"}',
  '{"city":"Lyon-sur-Mer"}\nNo, wait:\n{"city":"Paris"}',
  '{"city":"Paris"}\nSources: [1], [2]',
  '{"city":"Paris"} (an empty object, {}, would be wrong)',
  '{"city":"Paris"}\nThe form was {"type":"object"}.',
  'The set {a} and [b] are not JSON, but this is: {"city":"Paris"}',
  `${"[".repeat(60)}x\n{"city":"Paris"}`,
  `${"{x} [y] ".repeat(200)}\n{"city":"Paris"}`,
  '<think>```json\n{"city":"Lyon"}\n```</think>\n{"city":"Paris"}',
  '{"city":"Lyon"}</think>{"city":"Paris"}',
  '[THINK]{"city":"Lyon-sur-Mer"}[/THINK]{"city":"Paris"}',
  '<thinking>{"city":"Lyon-sur-Mer"}</thinking>{"city":"Paris"}',
  '<|channel|>analysis<|message|>{"city":"Lyon"}<|end|><|start|>assistant<|channel|>final<|message|>{"city":"Paris"}<|return|>',
];

describe("JSON in an answer", () => {
  it.each(answers)("is read where it is meant: %j", async (text) => {
    const answer = new AIMessage(text);
    expect(readStructured(answer, form)).toEqual({ city: "Paris" });
    expect(normalizeJson("city")(answer)).toBe("paris");
    expect(normalizeJson(City)(answer)).toBe('{"city":"paris"}');
    const paris = matchesSchema(z.object({ city: z.literal("Paris") }));
    expect(await verdictOf(paris, text)).toMatchObject({ pass: true });
  });

  it.each([
    '<think>{"city":"Paris"}',
    '<think>{"city":"Paris"}</think>\nI do not know.',
    '[THINK]{"city":"Paris"}[/THINK]',
    '<|channel|>analysis<|message|>{"city":"Paris"}',
  ])("is not that of a thought: %j", async (text) => {
    expect(parseJson(text)).toBeUndefined();
    expect(readStructured(new AIMessage(text), form)).toBeUndefined();
    expect(await verdictOf(matchesSchema(City), text)).toMatchObject({ pass: false, reason: "the answer is not JSON" });
    expect(normalizeJson()(text)).toBe("");
  });

  it("is the last that fits, of any number in any order", () => {
    const cities = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 6 });
    const between = fc.constantFrom("\n", " or ", "\nSee [2].\n", "\n{}\n", '\n{"town":1}\n', " {not json} ");
    fc.assert(
      fc.property(cities, between, fc.boolean(), (names, gap, fenced) => {
        const texts = names.map((city) => JSON.stringify({ city }, null, fenced ? 2 : 0));
        const written = texts.map((json) => (fenced ? `\`\`\`json\n${json}\n\`\`\`` : json)).join(gap);
        expect(readStructured(new AIMessage(`Here: ${written}${gap}`), form)?.city).toBe(names.at(-1));
      }),
    );
  });

  it("is given as it was written", () => {
    expect(findJson('So:\n{ "a": 1.0 } [1]')).toEqual({ value: { a: 1 }, source: '{ "a": 1.0 }' });
    expect(findJson("none")).toBeUndefined();
  });

  it("is also a fenced text or number, where no object is", () => {
    expect(parseJson('So:\n```json\n"yes"\n```')).toBe("yes");
    expect(parseJson("So:\n```\n42\n```\nas you see in [].")).toBe(42);
  });
});

describe("normalizeJson", () => {
  const whole = normalizeJson();

  it.each([
    ['{"a": 1, "b": [2, 3]}', '{"b":[2.0,3e0],"a":1.0}'],
    ['{"n": -0}', '{"n": 0}'],
    ['{"n": 9007199254740993}', '{"n":9007199254740993.0}'],
    ['{"n": 12345678901234567890}', '{"n": 1234567890123456789e1}'],
    ['{"n": "12345678901234567890.5"}', '{"n": "12345678901234567890.5"}'],
    ['{"a": {"x": "Paris", "y": null}}', '```json\n{"a": {"y": null, "x": "paris."}}\n```'],
    ["[1, 2]", "[1.0, 2]"],
    ['"yes"', 'So:\n```json\n"Yes"\n```'],
  ])("finds %j equal to %j", (one, other) => {
    expect(whole(one)).toBe(whole(other));
    expect(whole(one)).not.toBe("");
  });

  it.each([
    ['{"a": 1}', '{"a": 2}'],
    ['{"a": 1}', '{"a": "1"}'],
    ['{"a": 1}', '{"a": 1, "b": null}'],
    ["[1, 2]", "[2, 1]"],
    ['{"a": 3.5}', '{"a": 35}'],
    ['{"a": "3.5"}', '{"a": "35"}'],
    ['{"a": 9007199254740993}', '{"a": 9007199254740992}'],
    ['{"a": -9007199254740993}', '{"a": 9007199254740993}'],
    ['{"a": [12345678901234567890, 1]}', '{"a": [12345678901234567891, 1]}'],
    ['{"a": 1e400}', '{"a": 1e401}'],
    ['{"a": 1e400}', '{"a": null}'],
    ['{"a": 1e4000000}', '{"a": 1e4000001}'],
    ['{"a": 1.0000000000000001}', '{"a": 1}'],
    ['{"a": 0.1234567890123456789}', '{"a": 0.1234567890123456788}'],
    ['{"a": 9007199254740993}', '{"a": "9007199254740993"}'],
  ])("finds %j different from %j", (one, other) => {
    expect(whole(one)).not.toBe(whole(other));
  });

  it("keeps digits that a double would lose also in a field and under a schema", () => {
    for (const normalize of [normalizeJson("id"), normalizeJson(z.object({ id: z.number() }))]) {
      expect(normalize('{"id": 9007199254740993}')).not.toBe(normalize('{"id": 9007199254740992}'));
      expect(normalize('{"id": 9007199254740993}')).toBe(normalize('```json\n{ "id": 9007199254740993 }\n```'));
      expect(normalize('{"id": 42}')).toBe(normalize('{"id": 42.0}'));
    }
  });

  it("ignores the order of keys at any depth, whatever the value", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, reversed(part)]),
      );
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const given = JSON.stringify(value);
        expect(whole(JSON.stringify(reversed(JSON.parse(given))))).toBe(whole(given));
      }),
    );
  });

  it("compares what a schema makes of the answer, and nothing that does not fit it", () => {
    const total = normalizeJson(z.object({ total: z.coerce.number(), unit: z.string().default("EUR") }));
    expect(total('{"total": "18.0", "note": "x"}')).toBe(total('{"unit": "eur", "total": 18}'));
    expect(total('{"total": "many"}')).toBe("");
    const day = normalizeJson(
      z.object({ day: z.coerce.date(), tags: z.array(z.string()).transform((of) => new Set(of)) }),
    );
    expect(day('{"day":"2026-01-02","tags":["a","b"]}')).toBe(day('{"day":"2026-01-02T00:00:00Z","tags":["b","a"]}'));
    expect(day('{"day":"2026-01-02","tags":[]}')).not.toBe(day('{"day":"2026-01-03","tags":[]}'));
  });

  it("reads structured output by the arguments of its call", () => {
    const calling = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "answer", args: { b: 1, a: "X" } }] });
    expect(whole(calling)).toBe(whole('{"a":"x","b":1.0}'));
    expect(normalizeJson("a")(calling)).toBe("x");
    expect(normalizeJson(z.object({ c: z.string() }))(calling)).toBe("");
  });

  it.each(["", 1, null, {}, () => ""])("refuses the form %o", (wrong) => {
    expect(() => normalizeJson(wrong as never)).toThrow(/normalizeJson\.form/);
  });
});
