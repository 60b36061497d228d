import { byCapability } from "./by-capability.js";
import { byContextWindow } from "./by-context-window.js";
import { byLatency } from "./by-latency.js";
import type { Route } from "./route.js";

/**
 * Chooses the model that recently answered fastest, among those that can read the request and have room for it:
 * `byCapability({ choose: byContextWindow({ assumeUnknown: true, choose: byLatency({ deadlineMs: 0 }) }) })`.
 *
 * **When to use** - answers must come soon: completion, voice, a local model beside one in the cloud.
 * **Gotchas** - each model is tried once, and again after 5 minutes without calls. For other options compose the parts yourself.
 *
 * @example
 * ```ts
 * createRouter({ models: { small, gemini }, route: latencyOptimized() });
 * ```
 */
export function latencyOptimized<Name extends string = never>(): Route<NoInfer<Name>, string> {
  const fastest = byLatency<Name>({ deadlineMs: 0 });
  return byCapability<Name>({ choose: byContextWindow<Name>({ assumeUnknown: true, choose: fastest }) });
}
