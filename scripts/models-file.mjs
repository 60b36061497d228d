import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const places = ["../graphs/", "../"].flatMap((folder) =>
  ["yaml", "yml", "json"].map((type) => `${folder}models.${type}`),
);

/** The file the models of `graphs/` come from: `MODELS_FILE` (empty: none), else a `models.yaml` beside them or `langgraph.json`. */
export function modelsFile({ MODELS_FILE } = process.env) {
  if (MODELS_FILE !== undefined) return MODELS_FILE || undefined;
  return places.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
}
