import { didYouMean } from "../text/nearest-name.js";
import { missingText } from "./check-file.js";
import type { Complain } from "./text/problems.js";
import type { Path } from "./text/read-document.js";

/** Names defined in the file, including those of invalid entries. */
export type Names = Readonly<Record<"models" | "graphs" | "prompts" | "mcpServers" | "tiers", readonly string[]>>;

/** Reports a name that is not among the known ones. */
export type Refer = (name: string, known: readonly string[], what: string, path: Path) => void;

/** Maximum number of known names shown beside an unknown one. */
const maxListed = 20;

/** Makes a check of names that reports each unknown one with the nearest known names. */
export function referring(graphs: readonly string[], complain: Complain): Refer {
  const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
  return (name, known, what, path) => {
    const set = sets.get(known) ?? new Set(known);
    sets.set(known, set);
    if (set.has(name) || name === missingText) return;
    complain(path, () => {
      if (what.endsWith("model") && graphs.includes(name)) return `"${name}" is a graph; write a ${what} here`;
      return `there is no ${what} "${name}"${didYouMean(name, known) || `; ${list(known)}`}`;
    });
  };
}

function list(names: readonly string[]): string {
  if (names.length === 0) return "define one";
  const more = names.length > maxListed ? ` and ${names.length - maxListed} more` : "";
  return `there are ${names.slice(0, maxListed).join(", ")}${more}`;
}
