import { ConfigFile } from "./config-file.js";
import type { Complain } from "./text/problems.js";
import type { Path } from "./text/read-document.js";
import { type Issue, issuesOf } from "./text/schema-issues.js";
import { valueAt } from "./text/value-at.js";

/** Sections of entries by name: one that is wrong does not take the others with it. */
const sections: readonly unknown[] = ["models", "prompts", "mcpServers", "tiers", "roles", "tasks", "graphs"];

/** Stands where a text should and none is, so that what is around it can be checked; nothing complains about it. */
export const noText = "\u0000";

type Data = Record<string, unknown>;

/**
 * Checks data against the schema and complains about all that does not fit.
 *
 * @param isFilled tells whether a text came from a variable
 * @returns the parts that fit, so that the rest can be checked too
 */
export function checkFile(data: Data, isFilled: (path: Path) => boolean, complain: Complain): ConfigFile {
  const first = ConfigFile.safeParse(data);
  if (first.success) return first.data;
  const wrong = issuesOf(first.error, data);
  const meant = wrong.filter(({ path }) => isFilled(path)).map(({ path }) => readAs(path, data));
  const second = meant.some(Boolean) ? ConfigFile.safeParse(data) : first;
  const left = second.success ? [] : issuesOf(second.error, data);
  for (const { path, message } of left) complain(path, message);
  return { models: {}, ...partsThatFit(data, left) };
}

/** The value of a variable is text; where it is not wanted it is read as the number, or true or false, that it spells. */
function readAs(path: Path, data: Data): boolean {
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
 * What does not fit is taken out; where that is not enough, what it is in, up to the entry or the section. A field that is
 * misspelled is read as the one that is meant.
 */
function partsThatFit(data: Data, issues: readonly Issue[]): Partial<ConfigFile> {
  const kept = structuredClone(data);
  let left = issues;
  for (let level = 0; left.length > 0; level++) {
    for (const issue of left) takeOut(kept, issue, level);
    const parsed = ConfigFile.partial().safeParse(kept);
    if (parsed.success) return parsed.data;
    left = issuesOf(parsed.error, kept);
  }
  return ConfigFile.partial().parse(kept);
}

function takeOut(data: Data, { path, meant }: Issue, level: number): void {
  const entry = sections.includes(path[0]) ? 2 : 1;
  const place = path.slice(0, Math.max(path.length - level, Math.min(entry, path.length)));
  const key = place.at(-1);
  const holder = holderOf(place, data);
  if (key === undefined || holder === undefined) return;
  if (level === 0 && meant !== undefined) holder[meant] ??= holder[key];
  if (level === 0 && (Array.isArray(holder) || !Object.hasOwn(holder, key))) holder[key] = noText;
  else if (place.length <= entry || !Array.isArray(holder)) delete holder[key];
}

function holderOf(path: Path, data: Data): Data | undefined {
  const holder = valueAt(data, path.slice(0, -1));
  return Object(holder) === holder ? (holder as Data) : undefined;
}
