import { translateRegistry } from "./registry-format.js";
import { translateRuntime } from "./runtime-format.js";
import { type Data, isObject, type Translated } from "./translated.js";

/** Puts a file that is in another system's format into ours; a file in ours is left as it is, but for sections that are empty. */
export function translate(data: Data): Translated {
  if (Object.keys(data).some((key) => key.startsWith("llm:"))) return translateRegistry(data);
  if (isObject(data.runtime)) return translateRuntime(data, data.runtime);
  const filled = Object.entries(data).filter(([, section]) => section !== null);
  return { data: Object.fromEntries(filled), place: (path) => path, problems: [], warnings: [] };
}
