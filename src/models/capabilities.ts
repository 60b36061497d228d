import { InvalidOptionError } from "../errors/index.js";
import type { Capabilities, Capability, ModelEntry } from "./model.js";

/** Phrases for a missing capability. */
export const lacks: Readonly<Record<Capability, string>> = {
  vision: "it cannot see images",
  audio: "it cannot hear audio",
  tools: "it has no tools",
  json: "it has no JSON output",
};

export const capabilities = Object.keys(lacks) as readonly Capability[];

/** Reads the capabilities of an entry: a list is complete, an object leaves unnamed ones unknown. */
export function readCapabilities(said: readonly Capability[] | Capabilities | undefined): Capabilities | undefined {
  if (!Array.isArray(said)) return said as Capabilities | undefined;
  return Object.fromEntries(capabilities.map((capability) => [capability, said.includes(capability)]));
}

/** Formats capabilities for an entry: a list if all are known. */
export function entryCapabilities(known: Capabilities | undefined): ModelEntry["capabilities"] {
  const isComplete = known !== undefined && capabilitiesThatAre(undefined, known).length === 0;
  return isComplete ? capabilitiesThatAre(true, known) : known;
}

/** Lists capabilities that are present (`true`), missing (`false`) or unknown (`undefined`). */
export function capabilitiesThatAre(able: boolean | undefined, known: Capabilities = {}): readonly Capability[] {
  return capabilities.filter((capability) => known[capability] === able);
}

export interface CapableModel {
  readonly capabilities: Capabilities;
  readonly entry: Pick<ModelEntry, "capabilities">;
}

/** Describes a missing capability; if it comes from the client's profile, which may be wrong, also how to override it. */
export function describeLack(capability: Capability, { capabilities: known, entry }: CapableModel): string {
  if (readCapabilities(entry.capabilities)?.[capability] !== undefined) return lacks[capability];
  const able = JSON.stringify([...capabilitiesThatAre(true, known), capability]).replaceAll(",", ", ");
  return `${lacks[capability]} by its profile; if it can, write capabilities: ${able} into its entry`;
}

/** Throws unless the value is a list or an object of capabilities. */
export function checkCapabilities(said: unknown, option: string): void {
  if (said === undefined) return;
  const hint = `give an array of ${capabilities.join(", ")}, or an object: { tools: true, vision: false }`;
  if (typeof said !== "object" || said === null) throw new InvalidOptionError(option, said, hint);
  const wrong = Array.isArray(said)
    ? said.find((word) => !capabilities.includes(word))
    : Object.keys(said).find((word) => {
        const able = (said as Record<string, unknown>)[word];
        return !capabilities.includes(word as Capability) || (able !== undefined && typeof able !== "boolean");
      });
  if (wrong !== undefined) throw new InvalidOptionError(option, wrong, hint);
}
