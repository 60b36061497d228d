import type { Path } from "./read-document.js";

/** The environment a file's variables are taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A file's data with the values of its variables. */
export interface Filled {
  readonly data: unknown;
  /** Variables that have no value, where they stand. */
  readonly missing: readonly { readonly path: Path; readonly name: string }[];
  /** Whether a text is one that variables were put into. */
  readonly isFilled: (path: Path) => boolean;
  /** Variables that were used, by value: what no message may show. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** `${NAME}`, `${env:NAME}` and `${NAME:-default}`; `$${NAME}` stands for itself. */
const variable = /\$(\$?)\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** Puts the values of variables into all texts of a file; a value is never read for variables again. */
export function interpolate(data: unknown, environment: Environment): Filled {
  const missing: { path: Path; name: string }[] = [];
  const secrets = new Map<string, string>();
  const filled = new Set<string>();
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return fillText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, [...path, key])]));
  };
  const fillText = (text: string, path: Path) =>
    text.replace(variable, (whole, escaped: string, name: string, otherwise: string | undefined) => {
      if (escaped !== "") return whole.slice(1);
      filled.add(JSON.stringify(path));
      const value: unknown = environment[name];
      if (typeof value === "string" && value !== "") {
        secrets.set(value, name);
        return value;
      }
      if (otherwise === undefined) missing.push({ path, name });
      return otherwise ?? whole;
    });
  return { data: fill(data, []), missing, secrets, isFilled: (path) => filled.has(JSON.stringify(path)) };
}
