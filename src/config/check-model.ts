import { didYouMean } from "../models/nearest-name.js";
import type { Environment } from "./interpolate.js";
import type { ModelSpec } from "./model-spec.js";
import { type Parameters, parameterNames } from "./parameters.js";
import type { Complain } from "./problems.js";
import { type Provider, providerOf, takes } from "./providers.js";

/** Finds what is wrong with a model before its client is made; places are within its spec. */
export function checkModel(spec: ModelSpec, environment: Environment, complain: Complain): void {
  const provider = providerOf(spec);
  for (const need of provider.needs) {
    if (spec[need] === undefined) complain([need], `is missing; ${spec.provider} needs it`);
  }
  if (spec.provider === "azure" && spec.model === undefined && spec.deployment === undefined) {
    complain(["deployment"], "is missing; azure needs it");
  }
  const { keyVariable } = provider;
  if (keyVariable !== undefined && keyOf(spec, provider, environment) === undefined) {
    complain(["apiKey"], `there is no key; set ${keyVariable}, or write apiKey: \${ANOTHER_VARIABLE}`);
  }
  if (spec.baseUrl !== undefined && !/^https?:\/\/[^/]/.test(spec.baseUrl)) {
    complain(["baseUrl"], "is no URL; write one that begins with http:// or https://");
  } else if (spec.baseUrl !== undefined && !URL.canParse(spec.baseUrl)) {
    complain(["baseUrl"], "is no URL; write http://host:port/v1");
  }
  if (spec.body !== undefined && provider.bodyField === undefined) {
    complain(["body"], `${spec.provider} has no such thing; write parameters`);
  }
  checkParameters(spec.parameters, spec, (path, message) => complain(["parameters", ...path], message));
}

/** Finds parameters a model's provider does not have. */
export function checkParameters(parameters: Parameters | undefined, spec: ModelSpec, complain: Complain): void {
  const provider = providerOf(spec);
  const known = parameterNames.filter((name) => takes(provider, name));
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (!takes(provider, name)) {
      complain([name], `${spec.provider} cannot be sent this${didYouMean(name, known)}; it takes ${known.join(", ")}`);
    } else if (name === "thinking" && (spec.provider === "ollama") !== (typeof value === "boolean")) {
      complain(
        [name],
        spec.provider === "ollama" ? "write true or false" : "write { type: enabled, budget_tokens: 2000 }",
      );
    }
  }
}

/** The key a model is reached with. */
export function keyOf(
  { apiKey }: ModelSpec,
  { keyVariable, otherKeyVariable }: Provider,
  environment: Environment,
): string | undefined {
  const read = (name: string | undefined) => (name === undefined ? undefined : environment[name] || undefined);
  return apiKey ?? read(keyVariable) ?? read(otherKeyVariable);
}
