import { mapValues } from "../map-values.js";
import { isKeyPlace, isSecret, looksSecret, noKey } from "../secrets.js";
import type { Remark } from "./problems.js";
import type { Path } from "./read-document.js";
import { isObject } from "./value-at.js";

/** Values of variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable named in a text. */
export interface Variable {
  readonly path: Path;
  readonly name: string;
  /** Whether the environment has it. */
  readonly isSet: boolean;
}

/** A text that could not be filled in. */
export interface Missing extends Remark {
  /** Whether its variable has no value, so that the environment is at fault, not the file. */
  readonly isUnset: boolean;
}

/** A file's data after interpolation. */
export interface Filled {
  readonly data: unknown;
  /** Variables without a value, and malformed ones. */
  readonly missing: readonly Missing[];
  readonly variables: readonly Variable[];
  /** Whether the text at a path contained a variable. */
  readonly isFilled: (path: Path) => boolean;
  /** Secret values, with their variables' names; no message may show them. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The secret values that are keys, by their place or their variable's name. */
  readonly keys: readonly string[];
}

/** Everything that starts like a variable, up to the next `}`; `$${` is an escaped `${`. */
const opening = /\$(\$?)\{([^}]*)(\}?)/g;
/** `NAME`, `env:NAME`, `NAME:-default`. */
const variable = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/is;
/** LiteLLM's reference to a variable, always the whole text. */
const litellmVariable = /^os\.environ\/([A-Za-z_]\w*)$/;
/** Registries also write `NAME:default`. */
const registryVariable = /^(?:env:)?([A-Za-z_]\w*)(?::-?(?![?+=])(.*))?$/is;

const noVariable = `has \${ without a variable; write \${NAME}, \${NAME:-default} (no variable in the default), or $\${ for a literal \${`;

/**
 * Replaces the variables in all texts of a file; values are not searched for further variables.
 *
 * @param keyless whether keys may be missing
 */
export function interpolate(data: unknown, environment: Environment, keyless = false): Filled {
  const missing: Missing[] = [];
  const variables: Variable[] = [];
  const secrets = new Map<string, string>();
  const keys = new Set<string>();
  const filled = new Set<string>();
  const form = isRegistry(data) ? registryVariable : variable;
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return fillText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    return isObject(value) ? mapValues(value, (item, key) => fill(item, [...path, key])) : value;
  };
  const fillText = (text: string, path: Path) =>
    text
      .replace(litellmVariable, (_, name: string) => `\${${name}}`)
      .replace(opening, (whole, escaped: string, inside: string, closing: string) => {
        if (escaped !== "") return whole.slice(1);
        const [isOne, name = "", otherwise] = (closing === "" ? null : form.exec(inside)) ?? [];
        if (isOne === undefined || otherwise?.includes("${")) {
          missing.push({ path, message: noVariable, isUnset: false });
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
        missing.push({ path, message: notSet(name, path), isUnset: true });
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

const isRegistry = (data: unknown) => isObject(data) && Object.keys(data).some((key) => key.startsWith("llm:"));
