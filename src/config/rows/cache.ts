import { z } from "zod";
import { fields, milliseconds, oneOf, share, text } from "./fields.js";

const usd = z.number().nonnegative();

const exact = fields({ ttlMs: milliseconds.describe("Milliseconds an answer is given again") });

const semantic = fields({
  threshold: share.describe("Lowest similarity of two questions; its scale depends on the embedder"),
  namespace: oneOf("write a text, such as public, or { by: tenant } for a field of the run's context", [
    text,
    fields({ by: text.describe("Field of the run's context; a run without it is not cached") }),
  ]).describe("Whose answers may be given to whom"),
  ttlMs: milliseconds.optional().describe("Milliseconds an answer is given again; default: 86400000"),
  timeout: milliseconds.optional().describe("Milliseconds for the embedder; default: 2000"),
  price: fields({ input: usd, output: usd }).optional().describe("USD per million tokens of the embedder"),
});

/** A cache as a file has it; written out, since the declarations that hold its schema would repeat all of it. */
export type CacheSpec =
  | { ttlMs: number }
  | {
      threshold: number;
      namespace: string | { by: string };
      ttlMs?: number | undefined;
      timeout?: number | undefined;
      price?: { input: number; output: number } | undefined;
    };

/** A cache of answers in memory: to the same request, or to a question that means the same. */
export const CacheSpec: z.ZodType<CacheSpec> = oneOf(
  "write { ttlMs: 60000 }, or { threshold: 0.8, namespace: public }",
  [exact, semantic],
);
