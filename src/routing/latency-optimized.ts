import { byCapability } from "./by-capability.js";
import { byLatency } from "./by-latency.js";
import { firstOf } from "./first-of.js";
import type { Route } from "./route.js";

/**
 * Chooses the model that lately answered fastest: `firstOf(byCapability(), byLatency({ deadlineMs: 0 }))`.
 *
 * **When to use** - what matters is that an answer comes soon: completion, voice, a local model beside one in the cloud.
 * **Gotchas** - each model is tried once, and again when nobody timed it for 5 minutes. Images, audio and tool results go to
 * the first model that can read them, fast or not. Compose the two yourself for more.
 *
 * @example
 * ```ts
 * createRouter({ models: { small, gemini }, route: latencyOptimized() });
 * ```
 */
export function latencyOptimized<Name extends string = never>(): Route<NoInfer<Name>> {
  return firstOf<Name>(byCapability<Name>(), byLatency<Name>({ deadlineMs: 0 }));
}
