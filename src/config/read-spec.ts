import { readFile } from "node:fs/promises";
import { ConfigError, type ConfigProblem } from "../errors.js";
import { type Complain, checkSpec } from "./build-model.js";
import { ConfigFile } from "./config-file.js";
import { type Environment, interpolate } from "./interpolate.js";
import { isObject, translate } from "./other-formats.js";
import { type Path, readDocument } from "./read-document.js";
import { checkReferences } from "./references.js";
import { issuesOf } from "./schema-issues.js";

/** A file as it is written, checked: no client is made, and no package of a provider is loaded. */
export interface Spec {
  readonly spec: ConfigFile;
  /** A problem at a place of the data. */
  readonly problem: (path: Path, message: string) => ConfigProblem;
}

/** @throws {ConfigError} when there is no such file, or it cannot be read */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new ConfigError(file, [{ path: "", line: 1, message }]);
  }
}

/**
 * Checks the text of a file as far as that goes without its clients.
 *
 * @throws {ConfigError} with everything that is wrong with it
 */
export function readSpec(file: string, text: string, env: Environment): Spec {
  const document = readDocument(file, text);
  failWith(file, document.problems);
  const filled = interpolate(document, env);
  const { data, place } = translate(filled.data);
  const problems: ConfigProblem[] = [...filled.problems];
  const problem = (path: Path, message: string) => document.problem(place(path), message);
  const complain: Complain = (path, message) => problems.push(problem(path, message));
  if (!isObject(data)) complain([], "write models: and below it the models by name");
  const parsed = ConfigFile.safeParse(data);
  if (!parsed.success) for (const { path, message } of issuesOf(parsed.error, data)) complain(path, message);
  failWith(file, problems);

  const spec = parsed.data!;
  checkReferences(spec, complain);
  for (const [name, model] of Object.entries(spec.models)) {
    checkSpec(model, env, (path, message) => complain(["models", name, ...path], message));
  }
  failWith(file, problems);
  return { spec, problem };
}

/** @throws {ConfigError} when there are problems, in the order of the file */
export function failWith(file: string, problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return;
  throw new ConfigError(
    file,
    problems.toSorted((one, other) => one.line - other.line),
  );
}
