import { byCapability } from "./by-capability.js";
import { byContextWindow } from "./by-context-window.js";
import type { Route } from "./route.js";

/**
 * Chooses the best model that can do it; list the best one first:
 * `byCapability({ choose: byContextWindow({ assumeUnknown: true }) })`.
 *
 * **When to use** - the answer matters more than its price; the models behind the first are for what it cannot read or hold.
 * **Gotchas** - key order is the order of quality. Compose the two yourself for more, or give `fallback` for when it fails.
 *
 * @example
 * ```ts
 * createRouter({ models: { large, gemini, small }, route: qualityFocused() });
 * ```
 */
export function qualityFocused<Name extends string = never>(): Route<NoInfer<Name>, string> {
  return byCapability<Name>({ choose: byContextWindow<Name>({ assumeUnknown: true }) });
}
