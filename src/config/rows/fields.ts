import { z } from "zod";

/** An object with these fields and no others; an unknown one is told which there are. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : undefined),
  });
}

/** One of several forms; `forms` says what to write where none of them is meant. */
export const oneOf = <const Forms extends readonly z.ZodType[]>(forms: string, options: Forms) =>
  z.union(options, { error: forms });

export const text = z.string().min(1);
/** What a model is to read, empty or not. */
export const words = z.string().optional();
/** A whole number from 1. */
export const count = z.number().int().positive();
/** No timer runs longer. */
const longestTimer = 2 ** 31 - 1;
export const milliseconds = z.number().positive().max(longestTimer);
/** Before a retry: none is 0. */
export const pause = z.number().nonnegative().max(longestTimer);
/** 0 to 1. */
export const share = z.number().min(0).max(1);
/** Names, and what each stands for; there must be one. */
export function named<Value extends z.ZodType>(value: Value) {
  return z
    .record(text, value)
    .refine((record) => Object.keys(record).length > 0, "is empty; write at least one")
    .meta({ minProperties: 1 });
}
export const modelName = text.describe("A key of models or graphs");
/** Weights by name. */
export const weights = z.record(z.string(), z.number().nonnegative());
