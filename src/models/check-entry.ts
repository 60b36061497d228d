import { InvalidOptionError } from "../errors/index.js";
import { checkPrompt } from "../state/prompt.js";
import { didYouMean } from "../text/nearest-name.js";
import { checkCapabilities } from "./capabilities.js";
import { checkParts } from "./check-parts.js";
import type { ModelEntry } from "./model.js";

const entryKeys = new Set([
  ...["model", "description", "provider", "price", "systemPrompt", "parameters", "timeout", "firstTokenTimeout"],
  ...["taskParameters", "retry", "coolDown", "breaker", "hedge", "cache", "limit", "budget", "maxOutputTokens"],
  ...["contextWindow", "capabilities", "quality", "tier", "tags", "finishReason"],
]);

const isParameter = (name: string) => ["temperature", "topP", "maxTokens", "seed", "stop"].includes(name);

/**
 * Checks the fields of an entry.
 *
 * @param more additional keys of the pattern
 * @throws {InvalidOptionError} when a key is unknown or a value unusable
 */
export function checkEntry(entry: ModelEntry, option: string, more: readonly string[]): void {
  const unknown = Object.keys(entry).find((key) => !entryKeys.has(key) && !more.includes(key));
  if (unknown !== undefined) {
    const names = [...entryKeys, ...more];
    throw new InvalidOptionError(
      `${option}.${unknown}`,
      entry[unknown as keyof ModelEntry],
      isParameter(unknown)
        ? `it is a parameter: write parameters: { ${unknown}: … }`
        : `an entry has ${names.join(", ")}${didYouMean(unknown, names)}`,
    );
  }
  for (const text of ["description", "provider", "tier"] as const) {
    const value = entry[text];
    if (value !== undefined && (typeof value !== "string" || (text === "provider" && value === ""))) {
      throw new InvalidOptionError(`${option}.${text}`, value, "give a text");
    }
  }
  checkPrompt(entry.systemPrompt, `${option}.systemPrompt`);
  if (entry.finishReason !== undefined && typeof entry.finishReason !== "boolean") {
    throw new InvalidOptionError(`${option}.finishReason`, entry.finishReason, "give true or false");
  }
  if (entry.tags !== undefined && !Array.isArray(entry.tags)) {
    throw new InvalidOptionError(`${option}.tags`, entry.tags, "give an array");
  }
  if (entry.quality !== undefined && !(entry.quality >= 0 && entry.quality <= 1)) {
    throw new InvalidOptionError(`${option}.quality`, entry.quality, "give a number from 0 to 1");
  }
  checkCapabilities(entry.capabilities, `${option}.capabilities`);
  for (const limit of ["timeout", "firstTokenTimeout", "contextWindow", "maxOutputTokens"] as const) {
    const value = entry[limit];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new InvalidOptionError(
        `${option}.${limit}`,
        value,
        limit === "contextWindow" || limit === "maxOutputTokens" ? "give tokens above 0" : "give ms above 0",
      );
    }
  }
  checkParts(entry, option);
}
