import { InvalidModelNameError, InvalidOptionError, OrchestrationError } from "../../errors/index.js";
import { redactError } from "../../secrets/redact.js";
import type { Path } from "../text/read-document.js";

/** What a factory refuses, and which part of the graph's spec that is. */
export interface Refusal {
  readonly path: Path;
  readonly message: string;
  /** Whether a pattern refuses a name in a strategy; such names are checked one by one before. */
  readonly isOfName?: boolean;
}

/** Refusals of strategies, kept with the error until the graph they are in is given up. */
const refusals = new WeakMap<Error, Refusal>();

/**
 * Makes a strategy, and keeps the place of the option it refuses.
 *
 * @param key the field of the spec whose fields are options too: `keywords` of `{ keywords: { fast: [] } }`
 */
export function placed<Made>(path: Path, spec: unknown, key: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!InvalidOptionError.isInstance(error) || refusals.has(error)) throw error;
    const option = error.option.split(".").slice(1);
    const place = [option, [key, ...option]].find((each) => hasPath(spec, each));
    refusals.set(error, refusalAt(error, [...path, ...(place ?? [])], place === undefined ? option : []));
    throw error;
  }
}

/** Finds the place of a refusal in a graph, and says it without the names of functions that are not in the file. */
export function refusalOf(error: Error, spec: object): Refusal {
  const known = refusals.get(error);
  if (known !== undefined) return known;
  if (InvalidModelNameError.isInstance(error)) return nameRefusal(error, spec);
  if (!InvalidOptionError.isInstance(error)) {
    return { path: [], message: OrchestrationError.isInstance(error) ? error.message : redactError(error) };
  }
  const [owner, ...given] = error.option.split(".");
  if (!owner!.startsWith("create") || given.length === 0) {
    return { path: [], message: error.message, isOfName: !owner!.startsWith("create") };
  }
  const isNext = given[0] === "stages" && given[2] === "next";
  return refusalAt(error, isNext ? [...given.slice(0, 2), "untilApproved", ...given.slice(3)] : given);
}

/** @param option one the spec has no field for, which the message then names */
function refusalAt({ message, option: named }: InvalidOptionError, path: Path, option: Path = []): Refusal {
  const rest = message.slice(named.length + 1);
  return { path, message: option.length === 0 ? rest : `${option.join(".")} ${rest}` };
}

function nameRefusal({ message, modelName }: InvalidModelNameError, spec: object): Refusal {
  const list = "models" in spec ? spec.models : [];
  const key = Array.isArray(list) ? list.indexOf(modelName) : modelName;
  const path = "stages" in spec ? ["stages", modelName] : ["models", key];
  return { path, message: `${message}; give the node another name: models: { other_name: ${modelName} }` };
}

function hasPath(spec: unknown, path: Path): boolean {
  let inside = spec;
  for (const key of path) {
    if (Object(inside) !== inside || !Object.hasOwn(inside as object, key)) return false;
    inside = (inside as Record<string, unknown>)[key];
  }
  return true;
}
