import { readSpec, readText } from "../config/read-spec.js";
import { ConfigError } from "../errors/index.js";
import { capabilitiesThatAre, readCapabilities } from "../models/capabilities.js";
import { shownName } from "../secrets/redact.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { lacksOf, spareLacksOf } from "./lacks.js";
import { isUnpriced, listedModel, type ModelFacts, priceHint, specFacts } from "./model-facts.js";
import { note } from "./show-answer.js";
import { plural } from "./terminal/outcome-note.js";
import { emptyCell, tableLines } from "./terminal/table.js";
import { columnsOf, paint, withoutKeys } from "./terminal/terminal.js";

export interface ModelsOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Runs `multimodel models`: prints the facts about models of a file, or about ids of the catalogue. */
export async function models(names: readonly string[], { config, json = false }: ModelsOptions): Promise<ExitCode> {
  const { facts: found, lacks, spareLacks } = await requestedFacts(names, config);
  const facts = found.map(withoutKeyNames);
  if (json) {
    const rows = facts.map((each, index) => ({ ...each, unavailable: lacks?.get(found[index]!.name) ?? null }));
    process.stdout.write(`${withoutKeys(JSON.stringify(rows, null, 2))}\n`);
    return exitCode.done;
  }
  process.stdout.write(`${table(facts)}\n`);
  for (const [index, { name }] of facts.entries())
    for (const text of lacks?.get(found[index]!.name) ?? []) note(`${name}: ${text}`);
  for (const { name } of found) for (const text of spareLacks?.get(name) ?? []) note(text);
  return exitCode.done;
}

async function requestedFacts(names: readonly string[], config: string | undefined): Promise<FileModels> {
  const own = await fileModels(names, config);
  if (names.length === 0) return own;
  const facts = await Promise.all(
    names.map(async (name) => own.facts.find((each) => each.name === name) ?? (await listedModel(name)) ?? name),
  );
  const unknown = facts.filter((each) => typeof each === "string");
  if (unknown.length === 0) return { ...own, facts: facts.filter((each) => typeof each !== "string") };
  if (own.error !== undefined) throw own.error; // the broken file may define it
  const known = own.facts.map(({ name }) => name).join(", ");
  throw new UsageError(
    `neither the file${known && ` (${known})`} nor the catalogue has ${unknown.map(shownName).join(", ")}; for your own model, write the price in the file`,
  );
}

/** Masks a key that was written as the id or the name of a model. */
function withoutKeyNames({ name, provider, model, tier, ...facts }: ModelFacts): ModelFacts {
  const [shownModel, shownTier] = [model, tier].map((text) => (text === null ? null : shownName(text)));
  return { name: shownName(name), provider: shownName(provider), model: shownModel!, tier: shownTier!, ...facts };
}

interface FileModels {
  readonly facts: readonly ModelFacts[];
  /** What each model lacks here. */
  readonly lacks?: ReadonlyMap<string, readonly string[]>;
  /** What clients lack whose pool can be called without them. */
  readonly spareLacks?: ReadonlyMap<string, readonly string[]>;
  /** Why the file has no readable models. */
  readonly error?: ConfigError;
}

/** Returns the models of the file, which may be missing or broken if names are given: they may be ids of the catalogue. */
async function fileModels(names: readonly string[], config: string | undefined): Promise<FileModels> {
  try {
    const file = findConfig(config);
    const text = await readText(file);
    const { spec } = readSpec(file, text, process.env, true);
    const checked = readSpec(file, text, process.env);
    const entries = Object.entries(spec.models);
    return {
      facts: await Promise.all(entries.map(([name, model]) => specFacts(name, model, spec.tiers))),
      lacks: lacksOf(checked),
      spareLacks: new Map(entries.map(([name]) => [name, spareLacksOf(checked, name)])),
    };
  } catch (error) {
    if (names.length > 0 && error instanceof UsageError) return { facts: [] };
    if (names.length > 0 && ConfigError.isInstance(error)) return { facts: [], error: error };
    throw error;
  }
}

function table(facts: readonly ModelFacts[]): string {
  const { stdout } = process;
  const lines = tableLines(
    {
      head: ["name", "provider", "model", "in $/M", "out $/M", "context", "can", "tier"],
      right: [3, 4, 5],
      rows: facts.map(({ name, provider, model, price, contextWindow, capabilities, tier, clients }) => [
        name,
        provider,
        clients === undefined ? known(model) : `${known(model)} (${plural(clients, "client")})`,
        usd(price?.input),
        usd(price?.output),
        known(contextWindow?.toLocaleString("en-US")),
        canDo(capabilities),
        tier ?? emptyCell,
      ]),
    },
    columnsOf(stdout),
  );
  const rows = lines.map((line, index) => (index === 0 ? paint(stdout, "bold", line) : line));
  return [...rows, ...facts.filter(isUnpriced).map(({ name }) => `${name} is fine-tuned: ${priceHint}`)].join("\n");
}

const known = (text: string | null | undefined) => text ?? "unknown";

/** Lists what a model can do, with a question mark where that is unknown. */
function canDo(said: ModelFacts["capabilities"]): string {
  if (said === null) return "unknown";
  const known = readCapabilities(said);
  const may = capabilitiesThatAre(undefined, known).map((capability) => `${capability}?`);
  return [...capabilitiesThatAre(true, known), ...may].join(" ") || "text";
}

/** Formats a price with two decimals, or more if it has more. */
function usd(price: number | undefined): string {
  if (price === undefined) return known(undefined);
  const cents = price.toFixed(2);
  return Number(cents) === price ? cents : String(price);
}
