import { InvalidModelNameError, InvalidOptionError, OrchestrationError } from "../../errors/index.js";
import { redactError } from "../../secrets/redact.js";
import type { Path } from "../text/read-document.js";
import { valueAt } from "../text/value-at.js";

/** An option that a factory rejects, as a path of the graph's spec. */
export interface Refusal {
  readonly path: Path;
  readonly message: string;
  /** Whether a pattern rejects a name in a strategy, which `checkReferences` may have reported already. */
  readonly isOfName?: boolean;
}

/** Refusals by error, from the strategy or pattern that throws to the graph that reports. */
const refusals = new WeakMap<Error, Refusal>();

/**
 * Makes a strategy or pattern, and records the path of an option it rejects.
 *
 * @param key field of the spec whose own fields may be options: `keywords` of `{ keywords: { fast: [] } }`
 */
export function placed<Made>(path: Path, spec: unknown, key: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (InvalidOptionError.isInstance(error) && !refusals.has(error)) keepRefusal(error, path, spec, key);
    throw error;
  }
}

function keepRefusal(error: InvalidOptionError, path: Path, spec: unknown, key: string): void {
  const [owner, ...given] = error.option.split(".");
  const isPattern = owner!.startsWith("create");
  if (isPattern ? given.length === 0 : path.length === 0) return;
  const option = isPattern && given[0] === "stages" && given[2] === "next" ? given.with(2, "untilApproved") : given;
  const place = isPattern ? option : [option, [key, ...option]].find((each) => valueAt(spec, each) !== undefined);
  const rest = error.message.slice(error.option.length + 1);
  const message = place === undefined ? `${option.join(".")} ${rest}` : rest;
  refusals.set(error, { path: [...path, ...(place ?? [])], message });
}

/** Returns the place of a refusal in a graph, and its message without names of functions, which the file does not have. */
export function refusalOf(error: Error, spec: object): Refusal {
  if (refusals.has(error)) return refusals.get(error)!;
  if (InvalidModelNameError.isInstance(error)) return nameRefusal(error, spec);
  const message = OrchestrationError.isInstance(error) ? error.message : redactError(error);
  return { path: [], message, isOfName: InvalidOptionError.isInstance(error) && !error.option.startsWith("create") };
}

function nameRefusal({ message, modelName }: InvalidModelNameError, spec: object): Refusal {
  const list = "models" in spec ? spec.models : [];
  const key = Array.isArray(list) ? list.indexOf(modelName) : modelName;
  const path = "stages" in spec ? ["stages", modelName] : ["models", key];
  return { path, message: `${message}; give the node another name: models: { other_name: ${modelName} }` };
}
