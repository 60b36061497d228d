import { lookUpPrice } from "../cost/price.js";
import { MissingPackageError } from "../errors.js";
import type { ModelEntry } from "../models/model.js";
import { capabilitiesOf, contextWindowOf } from "./catalogue.js";
import type { ModelSpec } from "./config-file.js";
import type { Environment } from "./interpolate.js";
import { type Provider, providers } from "./providers.js";
import type { Path } from "./read-document.js";

/** Tells what is wrong at a place within a spec. */
export type Complain = (path: Path, message: string) => void;

/** Finds everything that is wrong with a spec before anything is loaded. */
export function checkSpec(spec: ModelSpec, environment: Environment, complain: Complain): void {
  const provider = providers[spec.provider];
  for (const need of provider.needs) {
    if (spec[need] === undefined) complain([], `${need} is missing; ${spec.provider} needs it`);
  }
  if (spec.provider === "azure" && spec.model === undefined && spec.deployment === undefined) {
    complain([], "deployment is missing; azure needs it");
  }
  const { keyVariable } = provider;
  const local = spec.provider === "openai" && spec.baseUrl !== undefined;
  if (keyVariable !== undefined && spec.apiKey === undefined && !local && !environment[keyVariable]) {
    complain([], `there is no key; set ${keyVariable}, or write apiKey: \${NAME_OF_ANOTHER_VARIABLE}`);
  }
  if (spec.baseUrl !== undefined && !URL.canParse(spec.baseUrl)) {
    complain(["baseUrl"], "is no URL; write http://host:port/v1");
  }
  for (const name of Object.keys(spec.parameters ?? {})) {
    if (clientName(name, provider) === undefined) {
      const known = [...Object.keys(provider.parameters), ...Object.keys(provider.passes ?? {})].sort().join(", ");
      complain(["parameters", name], `${spec.provider} has no such parameter; it has ${known}`);
    }
  }
}

/** Our name of a parameter, from `top_p` or `topP`. */
const plainName = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function clientName(name: string, { parameters, passes = {} }: Provider): "client" | "server" | undefined {
  const plain = plainName(name);
  if (Object.hasOwn(parameters, plain)) return "client";
  return Object.hasOwn(passes, plain) ? "server" : undefined;
}

/**
 * Makes the client of a spec that was checked.
 *
 * @throws {MissingPackageError} when the provider's package is not installed
 */
export async function buildModel(
  name: string,
  spec: ModelSpec,
  environment: Environment,
  systemPrompt: string | undefined,
): Promise<ModelEntry> {
  const provider = providers[spec.provider];
  const Client = await loadClient(name, provider);
  const apiKey = spec.apiKey ?? (provider.keyVariable && environment[provider.keyVariable]) ?? undefined;
  const keyed = apiKey === undefined && spec.provider === "openai" ? "none" : apiKey; // a server at baseUrl without keys
  const model = new Client({
    ...provider.fields({ ...spec, apiKey: keyed }),
    ...parametersOf(spec, provider),
    maxRetries: 0,
  });
  const { maxInputTokens } = model.profile ?? {};
  const { description, timeout, firstTokenTimeout, retry, limit, tier, tags } = spec;
  const known = {
    description,
    systemPrompt,
    timeout,
    firstTokenTimeout,
    retry,
    limit,
    tier,
    tags,
    price: spec.price === undefined ? priceOf(spec, provider) : spec.price,
    contextWindow: spec.contextWindow ?? maxInputTokens ?? contextWindowOf(spec, provider.catalogue),
    capabilities:
      spec.capabilities ?? (maxInputTokens === undefined ? capabilitiesOf(spec, provider.catalogue) : undefined),
  };
  return { model, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}

async function loadClient(name: string, { load, package: needed }: Provider) {
  try {
    return await load();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
      throw new MissingPackageError(`The model "${name}"`, [needed], error);
    }
    throw error;
  }
}

function parametersOf({ parameters = {} }: ModelSpec, provider: Provider): Record<string, unknown> {
  const client: Record<string, unknown> = {};
  const server: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(parameters)) {
    const name = plainName(given);
    if (clientName(given, provider) === "client") client[provider.parameters[name]!] = value;
    else server[provider.passes![name]!] = value;
  }
  return { ...client, ...(Object.keys(server).length > 0 ? { modelKwargs: server } : {}) };
}

/** The list price where the id says it; a server of one's own has none. */
export function priceOf({ model, baseUrl, provider: kind }: ModelSpec, { catalogue }: Provider) {
  if (model === undefined || catalogue === undefined || (baseUrl !== undefined && kind !== "azure")) return undefined;
  return lookUpPrice(model, { id: catalogue }) ?? lookUpPrice(model) ?? undefined;
}
