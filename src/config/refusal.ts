import { InvalidModelNameError, InvalidOptionError, OrchestrationError } from "../errors/index.js";
import { redactError } from "../secrets/redact.js";
import type { GraphSpec } from "./graph-spec.js";
import type { Path } from "./text/read-document.js";

/** What a factory refuses, and which part of the spec that is. */
export interface Refusal {
  readonly path: Path;
  readonly message: string;
}

/** Where the options of a strategy stand in a graph. */
const strategies: Readonly<Record<string, Path>> = {
  ...fieldOf("verify", ["judgeWith", "selfReported", "logprobs", "agreement", "consistency", "matchesSchema"]),
  ...fieldOf("verify", ["allOf", "anyOf"]),
  ...fieldOf("route", ["classifyWith", "byComplexity", "byTask", "byCost", "byLatency", "byTokens", "weighted"]),
  ...fieldOf("route", ["bySimilarity", "byCapability", "firstOf"]),
  byKeyword: ["route", "keywords"],
  ...fieldOf("aggregate", ["majorityVote", "weightedVote", "bestOf", "synthesizeWith"]),
  ...fieldOf("aggregate", ["normalizeChoice", "normalizeJson"]),
  ...fieldOf("context", ["lastMessages", "summarizeWith", "extractWith", "sharedMemory"]),
  untilApproved: ["stages"],
};

function fieldOf(field: string, functions: readonly string[]): Record<string, Path> {
  return Object.fromEntries(functions.map((name) => [name, [field]]));
}

/** Finds the place of a refusal in a graph, and says it without the names of functions nobody wrote. */
export function refusalOf(error: Error, spec: GraphSpec): Refusal {
  if (InvalidModelNameError.isInstance(error)) return nameRefusal(error, spec);
  if (InvalidOptionError.isInstance(error)) {
    const [owner, ...given] = error.option.split(".");
    const option = given.map((name, index) =>
      given[0] === "stages" && index === 2 && name === "next" ? "untilApproved" : name,
    );
    const isOfFactory = owner!.startsWith("create") && option.length > 0;
    const usual = Object.hasOwn(strategies, owner!) ? strategies[owner!]! : [];
    const field = isOfFactory ? [] : [usual, ["stages"]].find((place) => place.length > 0 && hasPath(spec, place));
    if (field === undefined) return { path: [], message: error.message };
    const path = isOfFactory || hasPath(spec, [...field, ...option]) ? [...field, ...option] : field;
    const rest = error.message.slice(error.option.length + 1);
    const missing = option.slice(path.length - field.length).join(".");
    return { path, message: missing === "" ? rest : `${missing} ${rest}` };
  }
  return { path: [], message: OrchestrationError.isInstance(error) ? error.message : redactError(error) };
}

function nameRefusal({ message, modelName }: InvalidModelNameError, spec: GraphSpec): Refusal {
  const list = "models" in spec ? spec.models : [];
  const key = Array.isArray(list) ? list.indexOf(modelName) : modelName;
  const path = "stages" in spec ? ["stages", modelName] : ["models", key];
  return { path, message: `${message}; give the node another name: models: { other_name: ${modelName} }` };
}

function hasPath(spec: object, path: Path): boolean {
  let inside: unknown = spec;
  for (const key of path) {
    if (Object(inside) !== inside || !Object.hasOwn(inside as object, key)) return false;
    inside = (inside as Record<string, unknown>)[key];
  }
  return true;
}
