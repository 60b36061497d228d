import type { ConfigProblem } from "../../errors/index.js";
import type { Problems } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import { valueAt } from "../text/value-at.js";
import type { ModelSpec } from "./model-spec.js";

/** A client of a model: its only one, or one of its pool. */
export interface ModelClient {
  /** Name in messages: `fast`, or `fast client 1 of 2`. */
  readonly label: string;
  /** Part of the file that holds it. */
  readonly part: Path;
  /** The model with the fields of this client over its own. */
  readonly spec: Omit<ModelSpec, "clients">;
  /** Limit of this client alone. */
  readonly limit: ModelSpec["limit"];
  /** Returns a path of `spec` as a path of the file. */
  readonly placeOf: (path: Path) => Path;
}

/** Lists the clients of a model. */
export function clientsOf(name: string, { clients, ...model }: ModelSpec): readonly ModelClient[] {
  const base = ["models", name];
  if (clients === undefined) {
    return [{ label: name, part: base, spec: model, limit: undefined, placeOf: (path) => [...base, ...path] }];
  }
  return clients.map((client, index) => {
    const part = [...base, "clients", index];
    const isShared = (path: Path) => valueAt(client, path) === undefined && valueAt(model, path) !== undefined;
    const headers = (model.headers || client.headers) && { ...model.headers, ...client.headers };
    return {
      label: `${name} client ${index + 1} of ${clients.length}`,
      part,
      spec: { ...model, ...client, ...(headers && { headers }) },
      limit: client.limit,
      placeOf: (path) => [...(isShared(path) ? base : part), ...path],
    };
  });
}

/** Returns the model as its first client reaches it, whose facts are those of a pool. */
export const firstClient = (name: string, model: ModelSpec): ModelSpec => clientsOf(name, model)[0]!.spec;

/** Returns what each client of a pool lacks; empty for a model without a pool. */
export function lacksOfClients(
  name: string,
  model: ModelSpec | undefined,
  { lacksOf }: Pick<Problems, "lacksOf">,
): readonly (readonly ConfigProblem[])[] {
  return model?.clients === undefined ? [] : clientsOf(name, model).map(({ part }) => lacksOf(part));
}

/** Returns why a model cannot be called here; a pool can, while one of its clients lacks nothing. */
export function lacksOfModel(
  name: string,
  model: ModelSpec | undefined,
  problems: Pick<Problems, "lacksOf">,
): readonly ConfigProblem[] {
  const ofClients = lacksOfClients(name, model, problems);
  const all = ofClients.every((lacks) => lacks.length > 0) ? ofClients.flat() : [];
  return [...problems.lacksOf(["models", name]), ...all];
}
