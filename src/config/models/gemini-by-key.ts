import { isModelKey } from "../formats/registry-format.js";
import type { Environment } from "../text/interpolate.js";
import type { Problems } from "../text/problems.js";
import { keyVariableOf } from "./connection.js";
import type { ModelSpec } from "./model-spec.js";

/** Fields with which a spec signs in to Vertex AI. */
const vertexFields = [
  ["project"],
  ["location"],
  ["credentials"],
  ["credentials", "clientEmail"],
  ["credentials", "privateKey"],
];

const install = "npm install @langchain/google-vertexai";

/** A Gemini model that is reached by a key, and the problems that no longer matter. */
export interface GeminiByKey {
  readonly spec: ModelSpec;
  /** Paths of fields that only Vertex AI needs. */
  readonly spared: readonly string[];
}

/** Returns whether a model is a registry's Gemini, whose entry does not say through which API it is reached. */
export function isRegistryGemini(name: string, { provider }: ModelSpec, { placeOf }: Problems): boolean {
  return provider === "google-vertexai" && isModelKey(placeOf(["models", name]).path);
}

/** Reaches a registry's Gemini through the Gemini API, where the package of Vertex AI is not installed. */
export function geminiByKey(name: string, spec: ModelSpec, environment: Environment, problems: Problems): GeminiByKey {
  const { project: _project, location: _location, credentials: _credentials, ...rest } = spec;
  const gemini: ModelSpec = { ...rest, provider: "google-genai" };
  const variable = keyVariableOf(gemini, environment);
  const part = ["models", name];
  const spared = vertexFields.map((field) => problems.placeOf([...part, ...field]).path);
  if (variable === undefined) {
    const message = `is on Vertex AI, whose package is not installed; run: ${install}, or set GOOGLE_API_KEY to call the Gemini API`;
    problems.lack(part, [...part, "provider"], message);
    return { spec: gemini, spared };
  }
  problems.warn([...part, "provider"], `calls the Gemini API with ${variable}; for Vertex AI run: ${install}`);
  return { spec: { ...gemini, apiKey: environment[variable]!.trim() }, spared };
}
