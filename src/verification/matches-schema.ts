import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import { parseJson } from "../text/json.js";
import type { Verify, VerifyTurn } from "./verify.js";

/**
 * Passes an answer that is JSON of the given form.
 *
 * **When to use** - a program reads the answer; what is wrong with it becomes feedback for a revision.
 * **Gotchas** - fenced JSON is accepted; the answer itself is not changed, so parse it as leniently.
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
