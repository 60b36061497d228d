import { InvalidModelNameError, InvalidOptionError } from "../errors.js";
import { OrchestrationState } from "../state/orchestration-state.js";
import type { Models } from "./model.js";
import { type ResolvedModel, resolve } from "./resolve.js";

/** A model under its name. */
export interface NamedModel {
  readonly name: string;
  readonly model: ResolvedModel;
}

const stateKeys = new Set(Object.keys(OrchestrationState.fields));

/**
 * Checks a record of models as a graph is built, and resolves each of them.
 *
 * @throws {InvalidOptionError} when there is no model at all
 * @throws {InvalidModelNameError} when a key cannot be a node of the graph
 * @throws {InvalidModelError} when a value cannot answer messages
 */
export function checkModels(
  models: Models,
  { owner, reserved }: { owner: string; reserved: readonly string[] },
): NamedModel[] {
  const plain = typeof models === "object" && models !== null && !Array.isArray(models);
  if (!plain || Object.keys(models).length === 0) {
    throw new InvalidOptionError(`${owner}.models`, models, "give at least one model: { small: chatModel }");
  }
  return Object.keys(models).map((name) => {
    checkName(name, reserved);
    return { name, model: resolve(models[name], `${owner}.models.${name}`) };
  });
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
  if (name.startsWith("__")) throw new InvalidModelNameError(name, 'names that begin with "__" belong to LangGraph');
  if (name in {}) throw new InvalidModelNameError(name, "every JavaScript object has a member of that name");
  if (stateKeys.has(name)) {
    throw new InvalidModelNameError(name, `it is a key of the state (${[...stateKeys].join(", ")})`);
  }
  if (reserved.includes(name)) {
    throw new InvalidModelNameError(name, `this pattern has a node of that name (${reserved.join(", ")})`);
  }
}
