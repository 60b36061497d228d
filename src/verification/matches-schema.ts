import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { parseJson } from "../text/json.js";
import type { Verify, VerifyTurn } from "./verify.js";

/**
 * Passes an answer that is JSON of the given schema.
 *
 * **When to use** - a program reads the answer; the schema's errors become feedback for a revision.
 * **Gotchas** - JSON in a code fence passes, and the answer stays as it is, so your parser must accept fences too.
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
    const json = parseJson(answer.text);
    if (json === undefined) return { pass: false, reason: "the answer is not JSON", feedback: "Reply with JSON only." };
    const { success, error } = await schema.safeParseAsync(json);
    if (success) return { pass: true, reason: "the answer has the form asked for" };
    return { pass: false, reason: "the JSON has another form", feedback: `Mend this:\n${z.prettifyError(error)}` };
  };
}
