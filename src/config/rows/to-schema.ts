import { z } from "zod";
import { InvalidOptionError } from "../../errors/index.js";

/**
 * Reads a JSON schema of a file.
 *
 * @param owner the strategy it is for
 */
export function toSchema(schema: object, owner: string) {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    const expected = "write a JSON schema: { type: object, properties: { title: { type: string } } }";
    throw new InvalidOptionError(`${owner}.schema`, schema, expected); // what zod says shows values
  }
}
