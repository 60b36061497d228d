import { z } from "zod";
import { replyStreams } from "../app-options.js";

/** Parses a list up to its first invalid item, since collecting issues of thousands would be expensive. */
export const listOf = <Item>(item: z.ZodType<Item>) =>
  z.array(z.unknown()).transform((given, context): Item[] => {
    const read: Item[] = [];
    for (const [index, value] of given.entries()) {
      const { data, error } = item.safeParse(value);
      if (error !== undefined) return refuse(context, index, error);
      read.push(data);
    }
    return read;
  });

function refuse(context: z.RefinementCtx, place: PropertyKey, { issues: [first] }: z.ZodError): never {
  context.issues.push({
    ...first!,
    input: undefined,
    path: [place, ...first!.path],
  } as (typeof context.issues)[number]);
  return z.NEVER;
}

/** Strings by name; stops at the first invalid one. */
export const textByName = z
  .custom<Record<string, string>>((given) => typeof given === "object" && given !== null && !Array.isArray(given), {
    error: "must be an object",
  })
  .check(({ value, issues }) => {
    const [name] = Object.entries(value).find(([, text]) => typeof text !== "string") ?? [];
    if (name !== undefined) issues.push({ code: "custom", input: value, path: [name], message: "must be a string" });
  });

export const number = (low: number, high: number) => z.number().min(low).max(high).nullish();
export const count = z.number().int().positive().nullish();

export const oneOf = (...types: readonly string[]) => ({ error: `must be ${types.join(" or ")}` });

/** Field of all protocols: how a stream comes. */
export const orchestration = z
  .strictObject({ stream: z.enum(replyStreams, { error: 'must be "committed" or "whole"' }).nullish() })
  .nullish();

/** Name of a tool. */
export const toolName = z.string().min(1);

/** Any object, such as a JSON schema. */
export const anyObject = z.record(z.string(), z.unknown());
