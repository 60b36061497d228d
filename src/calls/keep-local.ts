import { type KeepLocalOptions, type Privacy, privacyOf } from "../state/privacy.js";
import type { EntrySeen } from "./mark.js";

/**
 * Makes the option `privacy` of a factory: what is sensitive goes only to entries that are allowed.
 *
 * **When to use** - some of what users write must not leave the house, and models of your own can answer it.
 * **Gotchas** - once something sensitive is found, the whole run is marked, and the rest of its thread: models that are not allowed are
 * skipped as judge, router, summary, lane and fallback too, in patterns within and after a resume; caches, shared memory and the
 * contents of traces are left out. If no allowed model can answer, the run ends in `NotAllowedError` or with the `defaultResponse`. A
 * detector that throws counts as a find. Your own code is outside: tools, a model called without `ask`, a checkpointer. More:
 * docs/privacy.md
 *
 * @example
 * ```ts
 * const privacy = keepLocal({
 *   detect: (text) => /\bpatient\b/i.test(text),
 *   allow: ({ tags }) => tags?.includes("local") === true,
 * });
 * const graph = createFallback({
 *   models: { large, house: { model: small, tags: ["local"] } },
 *   privacy,
 * }).compile();
 * const { modelUsed } = await graph.invoke({ messages: "The patient coughs." }); // house
 * ```
 * @throws {InvalidOptionError} when `detect` or `allow` is not a function, or an option is unknown
 */
export function keepLocal(options: KeepLocalOptions<EntrySeen>): Privacy {
  return privacyOf(options as KeepLocalOptions<never>);
}
