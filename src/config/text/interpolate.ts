import { isKeyPlace, isSecret, looksSecret, noKey } from "../secrets.js";
import type { Path } from "./read-document.js";

/** The environment a file's variables are taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable a text names. */
export interface Variable {
  readonly path: Path;
  readonly name: string;
  /** Whether the environment has it. */
  readonly isSet: boolean;
}

/** A file's data with the values of its variables. */
export interface Filled {
  readonly data: unknown;
  /** What has no value, or is no variable though it looks like one, where it stands. */
  readonly missing: readonly { readonly path: Path; readonly message: string }[];
  readonly variables: readonly Variable[];
  /** Whether a text is one that variables were put into. */
  readonly isFilled: (path: Path) => boolean;
  /** Values that are secrets, with their variables: what no message may show. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Those of them that were put where keys are, or whose variables are called so. */
  readonly keys: readonly string[];
}

/** What begins as a variable does, up to the next `}`; `$${` stands for itself. */
const opening = /\$(\$?)\{([^}]*)(\}?)/g;
/** `NAME`, `env:NAME`, `NAME:-default`. */
const variable = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/is;
/** Registries have `NAME:default` too. */
const registryVariable = /^(?:env:)?([A-Za-z_]\w*)(?::-?(?![?+=])(.*))?$/is;

const noVariable = `has \${ in it and no variable; write \${NAME} or \${NAME:-default} (with no other variable in it), or $\${ for the signs`;

/**
 * Puts the values of variables into all texts of a file; a value is never read for variables again.
 *
 * @param keyless whether keys that are missing do not matter
 */
export function interpolate(data: unknown, environment: Environment, keyless = false): Filled {
  const missing: { path: Path; message: string }[] = [];
  const variables: Variable[] = [];
  const secrets = new Map<string, string>();
  const keys = new Set<string>();
  const filled = new Set<string>();
  const form = isRegistry(data) ? registryVariable : variable;
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return fillText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, [...path, key])]));
  };
  const fillText = (text: string, path: Path) =>
    text.replace(opening, (whole, escaped: string, inside: string, closing: string) => {
      if (escaped !== "") return whole.slice(1);
      const [isOne, name = "", otherwise] = (closing === "" ? null : form.exec(inside)) ?? [];
      if (isOne === undefined || otherwise?.includes("${")) {
        missing.push({ path, message: noVariable });
        return whole;
      }
      filled.add(JSON.stringify(path));
      const value: unknown = environment[name];
      const isSet = typeof value === "string" && value !== "";
      variables.push({ path, name, isSet });
      if (isSet) {
        const isKey = isSecret(name, path);
        if (isKey) keys.add(value);
        if (isKey || looksSecret(value)) secrets.set(value, name);
        return value;
      }
      if (otherwise !== undefined) return otherwise;
      if (keyless && isKeyPlace(path)) return noKey;
      missing.push({ path, message: notSet(name, path) });
      return whole;
    });
  return {
    data: fill(data, []),
    missing,
    variables,
    secrets,
    keys: [...keys],
    isFilled: (path) => filled.has(JSON.stringify(path)),
  };
}

const notSet = (name: string, path: Path) =>
  `the variable ${name} is not set; set it${isKeyPlace(path) ? "" : `, or write \${${name}:-default}`}`;

const isRegistry = (data: unknown) =>
  typeof data === "object" && data !== null && Object.keys(data).some((key) => key.startsWith("llm:"));
