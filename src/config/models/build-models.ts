import { MissingPackageError } from "../../errors/index.js";
import type { ModelEntry } from "../../index.js";
import { connectionFields } from "../../models/client-kind.js";
import type { ProviderName } from "../../models/client-kinds.js";
import { redactError } from "../../secrets/redact.js";
import { placeholder } from "../build-graphs.js";
import type { Spec } from "../read-spec.js";
import type { WithSettings } from "../rows/place.js";
import type { Environment } from "../text/interpolate.js";
import type { Path } from "../text/read-document.js";
import { buildModel, loadClient } from "./build-model.js";
import { notInBody } from "./check-model.js";
import type { ModelSpec } from "./model-spec.js";
import { parameterFields, providerOf, takes } from "./provider-of.js";
import type { ChatClient } from "./providers.js";

/** Model entries of a file. */
export interface BuiltModels {
  readonly models: Record<string, ModelEntry>;
  readonly roles: Record<string, ModelEntry>;
  readonly withSettings: WithSettings;
}

/** Makes the clients of a file; reports failing packages and constructors as problems of the file. */
export async function buildModels({ spec, problems }: Spec, environment: Environment): Promise<BuiltModels> {
  const { prompts = {}, tiers = {} } = spec;
  const { complain } = problems;
  const clients = new Map<ProviderName, ChatClient | undefined>();

  async function client(name: string, model: ModelSpec): Promise<ChatClient | undefined> {
    const { provider } = model;
    if (clients.has(provider)) return clients.get(provider);
    clients.set(provider, undefined);
    try {
      clients.set(provider, await loadClient(name, providerOf(model)));
    } catch (error) {
      const isMissing = MissingPackageError.isInstance(error);
      complain(
        ["models", name, "provider"],
        isMissing ? error.message : `its client cannot be loaded: ${redactError(error)}`,
      );
    }
    return clients.get(provider);
  }

  async function build(path: Path, name: string, model: ModelSpec): Promise<ModelEntry | undefined> {
    const Client = await client(name, model);
    if (Client === undefined || problems.has(path)) return undefined;
    const { prompt, systemPrompt = prompt === undefined ? undefined : prompts[prompt] } = model;
    try {
      return buildModel(sendable(model), Client, environment, systemPrompt);
    } catch (error) {
      complain(path, `its client cannot be made: ${redactError(error)}`);
      return undefined;
    }
  }

  const models: Record<string, ModelEntry> = {};
  for (const [name, model] of Object.entries(spec.models)) {
    const entry = await build(["models", name], name, model);
    const tier = Object.keys(tiers).find((each) => tiers[each] === name);
    if (entry !== undefined) models[name] = tier === undefined || entry.tier !== undefined ? entry : { ...entry, tier };
  }

  const roles: Record<string, ModelEntry> = {};
  for (const [role, { model, parameters }] of Object.entries(spec.roles ?? {})) {
    if (!Object.hasOwn(models, model)) continue;
    const base = models[model]!;
    if (parameters === undefined) roles[role] = base;
    else {
      const own = { ...spec.models[model]!, parameters: { ...spec.models[model]!.parameters, ...parameters } };
      const entry = await build(["roles", role], role, own);
      if (entry !== undefined) roles[role] = { ...base, model: entry.model };
    }
  }

  /** Spreads the entry, since copies share their client's cool-down and limit. */
  const withSettings: WithSettings = (
    name,
    entry,
    { parameters, prompt, systemPrompt = prompt === undefined ? undefined : prompts[prompt] },
  ) => {
    if (entry === placeholder) return entry;
    const model = Object.hasOwn(spec.models, name) ? spec.models[name] : undefined;
    const prompted = [entry.systemPrompt, systemPrompt].filter((each) => each !== undefined).join("\n\n");
    return {
      ...entry,
      ...(prompted !== "" && { systemPrompt: prompted }),
      ...(parameters && { parameters: model === undefined ? parameters : fieldsOf(model, parameters) }),
    };
  };

  return { models, roles, withSettings };
}

/** Merges a stage's parameters into those of its model, as fields of the client. */
function fieldsOf(model: ModelSpec, parameters: NonNullable<ModelSpec["parameters"]>) {
  return parameterFields(sendable({ ...model, parameters: { ...model.parameters, ...parameters } }), providerOf(model));
}

/** Drops fields and parameters that the provider does not have, which `checkModel` reports. */
function sendable({ body, parameters = {}, ...model }: ModelSpec): ModelSpec {
  const provider = providerOf(model);
  const useless = connectionFields.filter((field) => !provider.connectionFields.includes(field));
  const kept = Object.entries(model).filter(([field]) => !useless.some((each) => each === field));
  const sent = Object.entries(body ?? {}).filter(([name]) => !notInBody.includes(name));
  return {
    ...(Object.fromEntries(kept) as typeof model),
    parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => takes(provider, name))),
    ...(sent.length > 0 && !useless.includes("body") && { body: Object.fromEntries(sent) }),
  };
}
