import type { ConfigFile } from "../config-file.js";
import { mapValues } from "../map-values.js";
import { isKeyPlace } from "../secrets.js";
import type { Environment, Variable } from "../text/interpolate.js";
import type { Path } from "../text/read-document.js";
import { keyVariableOf } from "./connection.js";
import { clientsOf } from "./model-clients.js";

/** A variable that holds a key. */
export type KeyVariable = Pick<Variable, "name" | "isSet">;

/** Variables that hold keys, by model, client of a pool, and server; empty if the key is written in the file or not needed. */
export interface KeyVariables {
  readonly models: Readonly<Record<string, readonly KeyVariable[]>>;
  readonly mcpServers: Readonly<Record<string, readonly KeyVariable[]>>;
}

/** @param below returns the variables at a path and below it */
export function keyVariables(
  { models, mcpServers = {} }: ConfigFile,
  environment: Environment,
  below: (path: Path) => readonly Variable[],
): KeyVariables {
  return {
    models: Object.fromEntries(
      Object.entries(models)
        .flatMap(([name, model]) => clientsOf(name, model))
        .map(({ label, part, spec, placeOf }) => {
          const usual = keyVariableOf(spec, environment);
          const places = [placeOf(["apiKey"]), ...[part.slice(0, 2), part].map((each) => [...each, "headers"])];
          const named = [...new Set(places.flatMap(below))];
          return [label, usual === undefined ? named : [{ name: usual, isSet: true }, ...named]];
        }),
    ),
    mcpServers: mapValues(mcpServers, (_, name) => below(["mcpServers", name]).filter(({ path }) => isKeyPlace(path))),
  };
}

export const variablesBelow = (place: Path, variables: readonly Variable[]): readonly Variable[] =>
  variables.filter(({ path }) => place.every((key, index) => path[index] === key));
