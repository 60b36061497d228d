import { checkFile } from "./check-file.js";
import { checkModel, checkParameters } from "./check-model.js";
import { checkReferences } from "./check-references.js";
import type { ConfigFile } from "./config-file.js";
import { type Environment, interpolate } from "./interpolate.js";
import { collectProblems, type Problems } from "./problems.js";
import { readDocument } from "./read-document.js";
import { translate } from "./translate.js";
import { isObject } from "./translated.js";

export { readText } from "./read-text.js";

/** A file as it is written, checked: no client is made, and no package of a provider is loaded. */
export interface Spec {
  /** The parts of the file that are right. */
  readonly spec: ConfigFile;
  readonly problems: Problems;
}

/**
 * Checks the text of a file as far as that goes without its clients.
 *
 * @throws {ConfigError} with everything that is wrong with it
 */
export function readSpec(file: string, text: string, environment: Environment): Spec {
  const checked = checkSpec(file, text, environment);
  checked.problems.throwAny();
  return checked;
}

/**
 * The same without an error: more may be wrong, and is to be said with the rest.
 *
 * @throws {ConfigError} when the text cannot be read at all
 */
export function checkSpec(file: string, text: string, environment: Environment): Spec {
  const document = readDocument(text);
  const filled = interpolate(document.data, environment);
  const { data, place, ...remarks } = translate(isObject(filled.data) ? filled.data : {});
  const inFile = collectProblems({ file, document, secrets: filled.secrets });
  if (!document.readable) inFile.throwAny();
  if (!isObject(filled.data)) {
    inFile.complain(
      [],
      `${document.data === null ? "is empty" : "has no fields"}; write models: and below it the models by name`,
    );
    inFile.throwAny();
  }
  for (const { path, name } of filled.missing) {
    inFile.complain(path, `the variable ${name} is not set; set it, or write \${${name}:-default}`);
  }
  for (const { path, message } of remarks.problems) inFile.complain(path, message);
  for (const { path, message } of remarks.warnings) inFile.warn(path, message);

  const problems = inFile.at(place);
  const { complain } = problems;
  const spec = checkFile(data, (path) => filled.isFilled(place(path)), complain);
  const names = (section: unknown) => (isObject(section) ? Object.keys(section) : []);
  const { models, graphs, prompts, mcpServers, tiers } = data;
  checkReferences(
    spec,
    {
      models: names(models),
      graphs: names(graphs),
      prompts: names(prompts),
      mcpServers: names(mcpServers),
      tiers: names(tiers),
    },
    complain,
  );
  for (const [name, model] of Object.entries(spec.models)) {
    checkModel(model, environment, (path, message) => complain(["models", name, ...path], message));
  }
  for (const [role, { model, parameters }] of Object.entries(spec.roles ?? {})) {
    if (!Object.hasOwn(spec.models, model)) continue;
    checkParameters(parameters, spec.models[model]!, (path, message) =>
      complain(["roles", role, "parameters", ...path], message),
    );
  }
  return { spec, problems };
}
