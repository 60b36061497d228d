import { z } from "zod";

/** An object with these fields only; the error about an unknown field lists them. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : undefined),
  });
}

/** A union; `forms` is the error for a value that resembles none of its options. */
export const oneOf = <const Forms extends readonly z.ZodType[]>(forms: string, options: Forms) =>
  z.union(options, { error: forms });

export const text = z.string().min(1);
/** Text for a model, possibly empty. */
export const words = z.string().optional();
/** A whole number from 1. */
export const count = z.number().int().positive();
/** Maximum delay of a timer. */
const longestTimer = 2 ** 31 - 1;
export const milliseconds = z.number().positive().max(longestTimer);
/** Milliseconds, possibly 0. */
export const pause = z.number().nonnegative().max(longestTimer);
/** 0 to 1. */
export const share = z.number().min(0).max(1);
/** A record with at least one entry. */
export function named<Value extends z.ZodType>(value: Value) {
  return z
    .record(text, value)
    .refine((record) => Object.keys(record).length > 0, "is empty; write at least one")
    .meta({ minProperties: 1 });
}
export const modelName = text.describe("A key of models or graphs");
export const weights = z.record(z.string(), z.number().nonnegative());
