import { AIMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  bestOf,
  groundedIn,
  judgeWith,
  matchesSchema,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
  readApproval,
  selfReported,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const config = {};
const turnOf = (answer: string, reply = answer) => {
  const candidates = ["a", "b"].map((name, index) => ({ name, message: new AIMessage(answer + "x".repeat(index)) }));
  const ask = async () => new AIMessage(reply);
  return { messages: [new HumanMessage(answer)], answer: candidates[0]!.message, candidates, ask, state: {}, config };
};

/** Whatever reads a text some model wrote. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  readApproval,
  normalizeText,
  normalizeNumber,
  normalizeChoice: normalizeChoice("ABCD"),
  normalizeYesNo,
  normalizeJson: normalizeJson("answer"),
  groundedIn: (text) => groundedIn()(turnOf(text)),
  selfReported: (text) => selfReported()(turnOf(text)),
  matchesSchema: (text) => matchesSchema(z.object({}))(turnOf(text)),
  judgeWith: (text) => judgeWith(saying())(turnOf("42", text)),
  bestOf: (text) => {
    const turn = turnOf("42", text);
    return bestOf(saying())({ ...turn, answers: turn.candidates, failures: [], asked: 2 });
  },
};

const prefix = fc.constantFrom(
  ...[
    "",
    "`",
    "```",
    "```\n",
    "Approved. ",
    "Approved. `",
    "approved no ",
    "looks ",
    "not ",
    "The answer is ",
    "Answer: ",
  ],
  ...[
    '{"answer":',
    "\\boxed{",
    "#### ",
    "Score: ",
    "Best: ",
    "Confidence: ",
    "A) ",
    "1",
    "-",
    "<think>",
    "<answer",
    "“",
    '"',
  ],
);
const sign = fc.constantFrom(
  ...[
    "(",
    ")",
    "a, ",
    "`",
    "“",
    "”",
    "«",
    "„",
    '"',
    "'",
    "{",
    "[",
    "}",
    '["',
    '{"',
    "#",
    "*",
    "/",
    "-",
    "+",
    "%",
    "<",
    "\\",
  ],
  ...[
    " ",
    "\t",
    "\n",
    "\u00a0",
    ".",
    "…",
    "1",
    "1,",
    "1.",
    "1 ",
    ",000",
    "a",
    "a ",
    "A) ",
    "no ",
    "not ",
    "$",
    "_",
    "\0",
    "👍",
  ],
  ...["e1", "n't ", "the ", "\u0301", "\ud800", "five million ", "</", ":", "=", "best ", "confidence "],
);
/** A beginning, then one or two signs over and over: what makes a pattern that backtracks stand still. */
const hostile = fc
  .tuple(prefix, fc.array(sign, { minLength: 1, maxLength: 2 }), fc.constantFrom(200, 20_000))
  .map(([start, signs, length]) => (start + signs.join("").repeat(length)).slice(0, 40_000));

describe("what reads a text", () => {
  it.each(Object.entries(readers))(
    "%s comes to an end with any, the same way every time",
    async (_name, read) => {
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          expect(await read(text)).toEqual(await read(text));
        }),
        { numRuns: 60 },
      );
    },
    30_000,
  );

  it.each([
    `\`${"(".repeat(100_000)}`,
    `Approved. \`${"a, ".repeat(33_000)}`,
    ..."“«„".split("").map((opener) => opener.repeat(100_000)),
  ])(
    "all of them come to an end with the text %#",
    async (text) => {
      for (const read of Object.values(readers)) expect(await read(text)).toEqual(await read(text));
    },
    30_000,
  );
});
