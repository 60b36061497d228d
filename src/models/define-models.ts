import { checkModels } from "./check-models.js";
import type { Model, ModelEntry } from "./model.js";

/**
 * Names models once, typed, for use in several patterns.
 *
 * **When to use** - whenever more than one pattern, judge or router uses the same models.
 * **Gotchas** - it is a plain record of entries; nothing is registered anywhere.
 *
 * @example
 * ```ts
 * const { small, large } = defineModels({
 *   small: new ChatOpenAI({ model: "gpt-4o-mini" }),
 *   large: { model: new ChatOpenAI({ model: "gpt-4o" }), timeout: 30_000 },
 * });
 * ```
 * @throws {InvalidModelNameError} when a key cannot be the name of a graph node
 * @throws {InvalidModelError} when a value cannot answer messages
 */
export function defineModels<Name extends string>(
  models: Readonly<Record<Name, Model | ModelEntry>>,
): Readonly<Record<Name, ModelEntry>> {
  const resolved = checkModels(models, { owner: "defineModels", reserved: [] });
  return Object.fromEntries(resolved.map(({ name, model }) => [name, model.entry])) as Record<Name, ModelEntry>;
}
