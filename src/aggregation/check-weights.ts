import { InvalidOptionError } from "../errors/index.js";

/** Throws at construction unless every weight is a number ≥ 0. */
export function checkWeights(weights: Readonly<Record<string, number>>, option: string): void {
  if (typeof weights !== "object" || weights === null || Array.isArray(weights)) {
    throw new InvalidOptionError(option, weights, "give a weight for each name: { large: 2 }");
  }
  for (const [name, weight] of Object.entries(weights)) {
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new InvalidOptionError(`${option}.${name}`, weight, "give a number of at least 0");
    }
  }
}
