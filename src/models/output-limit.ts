import { innermost } from "./client.js";
import type { Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ResolvedModel } from "./resolve.js";

/** Returns the most tokens that a client asks for in an answer; `undefined` if it sends no limit. */
export function outputLimit({ runnable }: Pick<ResolvedModel, "runnable">): number | undefined {
  const client = innermost(runnable as Client);
  const field = kindOf(client)?.parameters.maxTokens ?? "maxTokens";
  const limit = (client as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof limit === "number" && limit > 0 ? limit : undefined; // -1 means no limit
}
