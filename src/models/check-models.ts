import { InvalidModelNameError, InvalidOptionError } from "../errors/index.js";
import { isKey } from "../secrets/redact.js";
import { OrchestrationState } from "../state/orchestration-state.js";
import type { Models } from "./model.js";
import { type ResolvedModel, resolve } from "./resolve.js";

export interface NamedModel {
  readonly name: string;
  readonly model: ResolvedModel;
}

interface CheckOptions {
  readonly owner: string;
  /** Names of the pattern's own nodes. */
  readonly reserved: readonly string[];
  /** Name of the option with the record. @default "models" */
  readonly kind?: string;
  /** Additional keys allowed in an entry. */
  readonly more?: readonly string[];
}

const stateKeys = new Set(Object.keys(OrchestrationState.fields));

/**
 * Checks and resolves a record of models when a graph is built.
 *
 * @throws {InvalidOptionError} when the record is empty
 * @throws {InvalidModelNameError} when a key cannot be a node of the graph
 * @throws {InvalidModelError} when a value cannot answer messages
 */
export function checkModels(models: Models, { owner, reserved, kind = "models", more }: CheckOptions): NamedModel[] {
  const plain = typeof models === "object" && models !== null && !Array.isArray(models);
  if (!plain || Object.keys(models).length === 0) {
    const expected = Array.isArray(models)
      ? "name each model: { small: chatModel }"
      : "give at least one model: { small: chatModel }";
    throw new InvalidOptionError(`${owner}.${kind}`, models, expected);
  }
  if (isModel(models)) throw new InvalidOptionError(`${owner}.${kind}`, models, "name the model: { small: chatModel }");
  return Object.keys(models).map((name) => {
    checkName(name, reserved);
    return { name, model: resolve(models[name], `${owner}.${kind}.${name}`, more) };
  });
}

/** Returns true for a model passed instead of a record. */
function isModel(models: object): boolean {
  const { invoke, compile } = models as Readonly<Record<"invoke" | "compile", unknown>>;
  return typeof invoke === "function" || typeof compile === "function";
}

function checkName(name: string, reserved: readonly string[]): void {
  if (/^\d/.test(name)) {
    throw new InvalidModelNameError(
      name,
      "JavaScript moves keys that begin with a digit to the front; begin with a letter",
    );
  }
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
    throw new InvalidModelNameError(
      name,
      'use letters, digits, "_", "-" and "."; LangGraph forbids ":" and "|" in node names',
    );
  }
  if (isKey(name)) throw new InvalidModelNameError(name, "it is a key, and names stand in every reply and log");
  if (name.startsWith("__")) throw new InvalidModelNameError(name, 'names that begin with "__" belong to LangGraph');
  if (name in {}) throw new InvalidModelNameError(name, "every JavaScript object has a member of that name");
  if (stateKeys.has(name)) {
    throw new InvalidModelNameError(name, `it is a key of the state (${[...stateKeys].join(", ")})`);
  }
  if (reserved.includes(name)) {
    throw new InvalidModelNameError(name, `this pattern has a node of that name (${reserved.join(", ")})`);
  }
}
