import { ConfigFile } from "./config-file.js";
import type { Complain } from "./problems.js";
import type { Path } from "./read-document.js";
import { type Issue, issuesOf } from "./schema-issues.js";

/** Sections of entries by name: one that is wrong does not take the others with it. */
const sections: readonly string[] = ["models", "prompts", "mcpServers", "tiers", "roles", "tasks", "graphs"];

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
  const read = issuesOf(first.error, data).filter((issue) => !(isFilled(issue.path) && readAs(issue, data)));
  for (const { path, message } of read) complain(path, message);
  const again = ConfigFile.safeParse(data);
  const left = again.success ? [] : issuesOf(again.error, data);
  for (const { path, message } of left) complain(path, message);
  return { models: {}, ...ConfigFile.partial().parse(without(data, left)) };
}

/** The value of a variable is text; where a number or true or false is wanted it is read as one. */
function readAs({ path, wanted }: Issue, data: Data): boolean {
  const holder = path.slice(0, -1).reduce<unknown>((inside, key) => (inside as Data)[key], data) as Data;
  const key = path.at(-1)!;
  const value = String(holder[key]);
  if (wanted === "boolean" && (value === "true" || value === "false")) holder[key] = value === "true";
  else if ((wanted === "number" || wanted === "int") && value.trim() !== "" && Number.isFinite(Number(value)))
    holder[key] = Number(value);
  else return false;
  return true;
}

/** Data without the entries, or the sections, that have an issue. */
function without(data: Data, issues: readonly Issue[]): Data {
  const kept: Data = { ...data };
  for (const { path } of issues) {
    const [section, name] = path.map(String);
    if (section === undefined) continue;
    if (name === undefined || !sections.includes(section)) {
      delete kept[section];
      continue;
    }
    const entries = kept[section];
    if (Object(entries) === entries)
      kept[section] = Object.fromEntries(Object.entries(entries as Data).filter(([key]) => key !== name));
  }
  return kept;
}
