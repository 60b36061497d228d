import { didYouMean } from "../text/nearest-name.js";
import { noText } from "./check-file.js";
import type { Complain } from "./text/problems.js";
import type { Path } from "./text/read-document.js";

/** Names there are, those of entries that cannot be read included. */
export type Names = Readonly<Record<"models" | "graphs" | "prompts" | "mcpServers" | "tiers", readonly string[]>>;

/** Complains about a name that nothing has. */
export type Refer = (name: string, known: readonly string[], what: string, path: Path) => void;

/** Names that are listed where a name is none of them. */
const listed = 20;

/** Complains about names that nothing has. */
export function referring(graphs: readonly string[], complain: Complain): Refer {
  const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
  return (name, known, what, path) => {
    const set = sets.get(known) ?? new Set(known);
    sets.set(known, set);
    if (set.has(name) || name === noText) return;
    complain(path, () => {
      if (what.endsWith("model") && graphs.includes(name)) return `"${name}" is a graph; a ${what} is wanted here`;
      return `there is no ${what} "${name}"${didYouMean(name, known) || `; there ${list(known)}`}`;
    });
  };
}

function list(names: readonly string[]): string {
  if (names.length === 0) return "is none";
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return `are ${names.slice(0, listed).join(", ")}${more}`;
}
