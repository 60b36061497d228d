import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { jsonOf } from "../text/answer-json.js";
import type { Verify, VerifyTurn } from "./verify.js";

/**
 * Passes an answer that is JSON of the given schema.
 *
 * **When to use** - a program reads the answer; the schema's errors become feedback for a revision.
 * **Gotchas** - JSON in a code fence, behind thoughts or after examples passes, and the answer stays as it is: read it with
 * `readStructured`, or your parser must find the JSON too. Structured output is judged by the arguments of its call.
 *
 * @example
 * ```ts
 * createQualityGate({ model: small, verify: matchesSchema(z.object({ title: z.string() })) });
 * ```
 * @throws {InvalidOptionError} when `schema` is not a zod schema
 */
export function matchesSchema(schema: z.ZodType): Verify {
  if (typeof schema?.safeParse !== "function")
    throw new InvalidOptionError("matchesSchema.schema", schema, "give a zod schema");
  return async function matchesSchema({ answer }: VerifyTurn) {
    const found = jsonOf(answer);
    if (found.length === 0) return { pass: false, reason: "the answer is not JSON", feedback: "Reply with JSON only." };
    const parsed = await Promise.all(found.map((value) => schema.safeParseAsync(value)));
    if (parsed.some(({ success }) => success)) return { pass: true, reason: "the answer has the form asked for" };
    const { error } = parsed[0]!;
    return { pass: false, reason: "the JSON has another form", feedback: `Mend this:\n${z.prettifyError(error!)}` };
  };
}
