import { rememberSecret } from "../secrets/known-secrets.js";
import { isKey } from "../secrets/redact.js";
import { checkFile } from "./check-file.js";
import { checkReferences } from "./check-references.js";
import type { ConfigFile } from "./config-file.js";
import { translate } from "./formats/translate.js";
import { mapValues } from "./map-values.js";
import { checkHeaders, checkModel, checkParameters } from "./models/check-model.js";
import { withConnection, withConnections } from "./models/connection.js";
import type { EmbeddingsSpec } from "./models/embeddings-spec.js";
import { type KeyVariables, keyVariables, variablesBelow } from "./models/key-variables.js";
import { clientsOf, firstClient } from "./models/model-clients.js";
import { rememberSecrets } from "./secrets.js";
import { type Environment, interpolate } from "./text/interpolate.js";
import { collectProblems, complainBelow, type Problems } from "./text/problems.js";
import { type Path, readDocument } from "./text/read-document.js";
import { type Data, isObject } from "./text/value-at.js";

export { readText } from "./text/read-text.js";

/** A checked file, before its clients are made. */
export interface Spec {
  /** The valid parts of the file. */
  readonly spec: ConfigFile;
  /** Names of all models, in the order of the file. */
  readonly names: readonly string[];
  readonly problems: Problems;
  readonly keys: KeyVariables;
}

const noModel = "there is no model; write one: fast: { provider: openai, model: gpt-4o-mini }";

/**
 * Checks the text of a file without loading any provider's package.
 *
 * @throws {ConfigError} with every problem found
 */
export function readSpec(file: string, text: string, environment: Environment, keyless?: boolean): Spec {
  const checked = checkSpec(file, text, environment, keyless);
  checked.problems.throwAny();
  return checked;
}

/**
 * Checks the text of a file and collects its problems, to which building may add more.
 *
 * @param keyless whether keys may be missing, since no model is called
 * @throws {ConfigError} when the text cannot be parsed at all
 */
export function checkSpec(file: string, text: string, environment: Environment, keyless = false): Spec {
  const document = readDocument(text);
  const filled = interpolate(document.data, environment, keyless);
  filled.keys.forEach(rememberSecret);
  const { data, place, reads, ...remarks } = translate(isObject(filled.data) ? filled.data : {});
  const inFile = collectProblems({ file, document, secrets: filled.secrets });
  if (!document.readable) inFile.throwAny();
  if (!isObject(filled.data)) {
    inFile.complain(
      [],
      `${document.data === null ? "is empty" : "has no fields"}; write models: and below it the models by name`,
    );
    inFile.throwAny();
  }
  const partAt = parts(data, place);
  for (const { path, message, isUnset } of filled.missing.filter((each) => reads(each.path))) {
    const part = isUnset ? partAt(path) : undefined;
    if (part === undefined) inFile.complain(path, message);
    else inFile.lack(part, path, message);
  }
  for (const { path, message } of remarks.problems) inFile.complain(path, message);
  for (const { path, message } of remarks.warnings) inFile.warn(path, message);

  const problems = inFile.at(place);
  const { complain } = problems;
  const written = checkFile(data, (path) => filled.isFilled(place(path)), complain);
  const spec = {
    ...written,
    models: mapValues(written.models, (model) => withConnections(model, environment, keyless)),
    ...(written.embeddings && {
      embeddings: withConnection(written.embeddings, environment, keyless) as EmbeddingsSpec,
    }),
  };
  rememberSecrets(spec);
  const names = (section: unknown) => (isObject(section) ? Object.keys(section) : []);
  const known = {
    models: names(data.models),
    graphs: names(data.graphs),
    prompts: names(data.prompts),
    mcpServers: names(data.mcpServers),
    tiers: names(data.tiers),
  };
  if (known.models.length > 0) checkReferences(spec, known, complain);
  else if (!problems.has(["models"])) complain(["models"], noModel);
  for (const section of ["models", "graphs"] as const) {
    if (known[section].some(isKey))
      complain([section], "uses a key as a name, and names appear in every reply and log; write the key as apiKey");
  }
  for (const [name, model] of Object.entries(spec.models)) {
    const isOurs = place(["models", name])[0] === "models";
    for (const { part, spec: client, placeOf } of clientsOf(name, model)) {
      const lack = (path: Path, message: string) => problems.lack(part, placeOf(path), message);
      const leaveOut = isOurs ? complain : problems.warn;
      checkModel(
        client,
        (path, message) => complain(placeOf(path), message),
        (path, message) => leaveOut(placeOf(path), message),
        lack,
      );
    }
  }
  if (spec.embeddings !== undefined) {
    const base = ["embeddings"];
    const complainThere = complainBelow(complain, base);
    checkModel(spec.embeddings, complainThere, complainThere, (path, message) =>
      problems.lack(base, [...base, ...path], message),
    );
  }
  for (const [name, server] of Object.entries(spec.mcpServers ?? {})) {
    if ("url" in server) checkHeaders(server.headers, complainBelow(complain, ["mcpServers", name, "headers"]));
  }
  for (const { model, parameters, path } of parameterOverrides(spec)) {
    const base = Object.hasOwn(spec.models, model) ? spec.models[model] : undefined;
    if (base === undefined) continue;
    checkParameters(parameters, firstClient(model, base), complainBelow(complain, [...path, "parameters"]));
  }
  const keys = keyVariables(written, environment, (path) => variablesBelow(place(path), filled.variables));
  return { spec, names: known.models, problems, keys };
}

/** Sections whose entries are needed only by the runs that reach them. */
const sparable = ["models", "mcpServers"] as const;

/** Makes a function that finds the client of a pool, the model or the server to which a path of the file belongs. */
function parts(data: Data, place: (path: Path) => Path): (path: Path) => Path | undefined {
  const known = sparable.flatMap((section) => {
    const entries = data[section];
    return Object.entries(isObject(entries) ? entries : {}).flatMap(([name, entry]): Path[] => {
      const clients = isObject(entry) && Array.isArray(entry.clients) ? entry.clients : [];
      return [...clients.map((_, index) => [section, name, "clients", index]), [section, name]];
    });
  });
  const places = known.map((part) => [part, place(part)] as const);
  if (isObject(data.embeddings)) places.push([["embeddings"], place(["embeddings"])]);
  return (path) => places.find(([, start]) => start.every((key, index) => path[index] === key))?.[0];
}

/** Returns the parameters with which roles and stages override those of a model. */
function parameterOverrides({ roles = {}, graphs = {} }: ConfigFile) {
  const ofRoles = Object.entries(roles).map(([role, settings]) => ({ ...settings, path: ["roles", role] }));
  const ofStages = Object.entries(graphs).flatMap(([graph, spec]) =>
    spec.pattern !== "pipeline"
      ? []
      : Object.entries(spec.stages).flatMap(([stage, settings]) =>
          typeof settings === "string" ? [] : [{ ...settings, path: ["graphs", graph, "stages", stage] }],
        ),
  );
  return [...ofRoles, ...ofStages];
}
