import { byCapability } from "./by-capability.js";
import { byContextWindow } from "./by-context-window.js";
import type { Route } from "./route.js";

/**
 * Chooses the first model that can read the request and has room for it; list the best model first:
 * `byCapability({ choose: byContextWindow({ assumeUnknown: true }) })`.
 *
 * **When to use** - the answer matters more than its price; later models serve what the first one cannot read or hold.
 * **Gotchas** - it does not react to failures: give `fallback`. For other options compose the two parts yourself.
 *
 * @example
 * ```ts
 * createRouter({ models: { large, gemini, small }, route: qualityFocused() });
 * ```
 */
export function qualityFocused<Name extends string = never>(): Route<NoInfer<Name>, string> {
  return byCapability<Name>({ choose: byContextWindow<Name>({ assumeUnknown: true }) });
}
