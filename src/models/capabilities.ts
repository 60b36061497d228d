import { InvalidOptionError } from "../errors/index.js";
import type { Capabilities, Capability, ModelEntry } from "./model.js";

/** What is said of a model that cannot. */
export const lacks: Readonly<Record<Capability, string>> = {
  vision: "it cannot see images",
  audio: "it cannot hear audio",
  tools: "it has no tools",
  json: "it has no JSON output",
};

/** Every capability there is. */
export const capabilities = Object.keys(lacks) as readonly Capability[];

/** What an entry says: a list is all a model can do, an object leaves open what it does not name. */
export function readCapabilities(said: readonly Capability[] | Capabilities | undefined): Capabilities | undefined {
  if (!Array.isArray(said)) return said as Capabilities | undefined;
  return Object.fromEntries(capabilities.map((capability) => [capability, said.includes(capability)]));
}

/** What is known in the form an entry takes: a list where nothing is open. */
export function entryCapabilities(known: Capabilities | undefined): ModelEntry["capabilities"] {
  const isComplete = known !== undefined && capabilitiesThatAre(undefined, known).length === 0;
  return isComplete ? capabilitiesThatAre(true, known) : known;
}

/** Those a model is known to have (`true`), known not to have (`false`), or may have (`undefined`). */
export function capabilitiesThatAre(able: boolean | undefined, known: Capabilities = {}): readonly Capability[] {
  return capabilities.filter((capability) => known[capability] === able);
}

/** A model, as far as what it can do is known. */
export interface Able {
  readonly capabilities: Capabilities;
  readonly entry: Pick<ModelEntry, "capabilities">;
}

/** Says what a model cannot; where that is read off its client, which may be wrong, with what to write. */
export function lackOf(capability: Capability, { capabilities: known, entry }: Able): string {
  if (readCapabilities(entry.capabilities)?.[capability] !== undefined) return lacks[capability];
  const able = JSON.stringify([...capabilitiesThatAre(true, known), capability]).replaceAll(",", ", ");
  return `${lacks[capability]} by its profile; if it can, write capabilities: ${able} into its entry`;
}

/** Refuses what is neither a list of capabilities nor an object of them. */
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
