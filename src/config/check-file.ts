import { ConfigFile } from "./config-file.js";
import type { Complain } from "./text/problems.js";
import type { Path } from "./text/read-document.js";
import { type Issue, issuesOf } from "./text/schema-issues.js";
import { valueAt } from "./text/value-at.js";

/** Sections of named entries, of which invalid ones are dropped one by one. */
const sections: readonly unknown[] = ["models", "prompts", "mcpServers", "tiers", "roles", "tasks", "graphs"];

/** Placeholder for a required text that is missing, so that the values around it are still checked. */
export const missingText = "\u0000";

type Data = Record<string, unknown>;

/**
 * Reports every value the schema rejects.
 *
 * @param isFilled whether the text at a path came from a variable
 * @returns the valid parts, so that their references are checked too
 */
export function checkFile(data: Data, isFilled: (path: Path) => boolean, complain: Complain): ConfigFile {
  const first = ConfigFile.safeParse(data);
  if (first.success) return first.data;
  const wrong = issuesOf(first.error, data);
  const meant = wrong.filter(({ path }) => isFilled(path)).map(({ path }) => readAsScalar(path, data));
  const second = meant.some(Boolean) ? ConfigFile.safeParse(data) : first;
  const left = second.success ? [] : issuesOf(second.error, data);
  for (const { path, message } of left) complain(path, message);
  return { models: {}, ...partsThatFit(data, left) };
}

/** Replaces a variable's text by the number or boolean it spells, if it spells one. */
function readAsScalar(path: Path, data: Data): boolean {
  const holder = holderOf(path, data);
  const key = path.at(-1)!;
  const value = holder?.[key];
  if (holder === undefined || typeof value !== "string") return false;
  if (value === "true" || value === "false") holder[key] = value === "true";
  else if (value.trim() !== "" && Number.isFinite(Number(value))) holder[key] = Number(value);
  else return false;
  return true;
}

/**
 * Drops invalid values; if that is not enough, also what holds them, up to the entry or the section. A misspelt field is read as the
 * one that was probably meant.
 */
function partsThatFit(data: Data, issues: readonly Issue[]): Partial<ConfigFile> {
  const kept = structuredClone(data);
  let left = issues;
  for (let level = 0; left.length > 0; level++) {
    for (const issue of left) removeAt(kept, issue, level);
    const parsed = ConfigFile.partial().safeParse(kept);
    if (parsed.success) return parsed.data;
    left = issuesOf(parsed.error, kept);
  }
  return ConfigFile.partial().parse(kept);
}

function removeAt(data: Data, { path, meant }: Issue, level: number): void {
  const entry = sections.includes(path[0]) ? 2 : 1;
  const place = path.slice(0, Math.max(path.length - level, Math.min(entry, path.length)));
  const key = place.at(-1);
  const holder = holderOf(place, data);
  if (key === undefined || holder === undefined) return;
  if (level === 0 && meant !== undefined) holder[meant] ??= holder[key];
  if (level === 0 && (Array.isArray(holder) || !Object.hasOwn(holder, key))) holder[key] = missingText;
  else if (place.length <= entry || !Array.isArray(holder)) delete holder[key];
}

function holderOf(path: Path, data: Data): Data | undefined {
  const holder = valueAt(data, path.slice(0, -1));
  return Object(holder) === holder ? (holder as Data) : undefined;
}
