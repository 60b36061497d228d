import { z } from "zod";
import { InvalidOptionError } from "../../errors/index.js";
import type { Field } from "./field.js";

/** A JSON schema; `owner` is the strategy that errors name. */
export const jsonSchema = (
  owner: string,
  description: string,
): Field<z.ZodType<Record<string, unknown>>, z.ZodType> => ({
  schema: z.record(z.string(), z.unknown()).describe(description),
  build: (schema) => {
    try {
      return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    } catch {
      const expected = "write a JSON schema: { type: object, properties: { title: { type: string } } }";
      throw new InvalidOptionError(`${owner}.schema`, schema, expected); // zod's own message shows values
    }
  },
  references: () => [],
});
