import type { ConfigProblem } from "../errors.js";
import type { ConfigDocument, Path } from "./read-document.js";

/** The environment a file's variables are taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${env:NAME}` and `${NAME:-default}`; `$${NAME}` stands for itself. */
const variable = /\$(\$?)\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** Puts the values of variables into all texts of a file; a value is never read for variables again. */
export function interpolate(
  document: ConfigDocument,
  environment: Environment,
): { readonly data: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return fillText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, [...path, key])]));
  };
  const fillText = (text: string, path: Path) =>
    text.replace(variable, (whole, escaped: string, name: string, otherwise: string | undefined) => {
      if (escaped !== "") return whole.slice(1);
      const value = environment[name];
      if (value !== undefined && value !== "") return value;
      if (otherwise !== undefined) return otherwise;
      problems.push(
        document.problem(path, `the environment variable ${name} is not set; set it, or write \${${name}:-default}`),
      );
      return "";
    });
  return { data: fill(document.data, []), problems };
}

/** An object of entries in which `__proto__` is a key like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
