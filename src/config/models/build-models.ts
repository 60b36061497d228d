import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { MissingPackageError, UnavailableModelError } from "../../errors/index.js";
import type { ModelEntry, Store } from "../../index.js";
import { connectionFields } from "../../models/client-kind.js";
import type { ProviderName } from "../../models/client-kinds.js";
import type { ModelPool } from "../../models/model.js";
import { UnavailableModel, unavailability } from "../../models/unavailable-model.js";
import { redactError } from "../../secrets/redact.js";
import { placeholder } from "../build-graphs.js";
import type { Spec } from "../read-spec.js";
import type { WithSettings } from "../rows/place.js";
import { taskParameters } from "../tasks.js";
import type { Environment } from "../text/interpolate.js";
import type { Path } from "../text/read-document.js";
import { type BudgetOf, budgetsOfFile } from "./build-budgets.js";
import { buildCache } from "./build-cache.js";
import { buildClient, entryOf, loadClient } from "./build-model.js";
import { notInBody } from "./check-model.js";
import { geminiByKey, isRegistryGemini } from "./gemini-by-key.js";
import { clientsOf, firstClient, lacksOfClients } from "./model-clients.js";
import type { ModelSpec } from "./model-spec.js";
import { parameterFields, providerOf, takes } from "./provider-of.js";
import type { ChatClient } from "./providers.js";

/** Model entries of a file. */
export interface BuiltModels {
  readonly models: Record<string, ModelEntry>;
  readonly roles: Record<string, ModelEntry>;
  readonly withSettings: WithSettings;
  readonly budgetOf: BudgetOf;
}

/** Makes the clients of a file; a model that lacks a key, package or variable fails when it is called. */
export async function buildModels(
  { spec, names, problems }: Spec,
  environment: Environment,
  embeddings: EmbeddingsInterface | undefined,
  store?: Store,
): Promise<BuiltModels> {
  const { prompts = {}, tiers = {} } = spec;
  const { complain } = problems;
  const budgetOf = budgetsOfFile(store);
  const clients = new Map<ProviderName, ChatClient | undefined>();

  async function client(name: string, model: ModelSpec): Promise<ChatClient | undefined> {
    const { provider } = model;
    try {
      if (!clients.has(provider)) clients.set(provider, await loadClient(name, providerOf(model)));
    } catch (error) {
      const message = MissingPackageError.isInstance(error)
        ? `needs a package that is not installed; run: npm install ${error.packages.join(" ")}`
        : `its client cannot be loaded: ${redactError(error)}`;
      problems.lack(["models", name], ["models", name, "provider"], message);
    }
    return clients.get(provider);
  }

  /** Shares a limit per minute under a name. */
  const inStore = <Given extends object>(limit: Given, key: string): Given =>
    store === undefined ? limit : { ...limit, store, key };

  const spared = new Set<string>();
  const lacksOf = (name: string) => problems.lacksOf(["models", name]).filter(({ path }) => !spared.has(path));

  /** Returns a model's spec, changed where its entry leaves open through which API it is reached. */
  async function reached(name: string, model: ModelSpec): Promise<ModelSpec> {
    if (!isRegistryGemini(name, model, problems) || (await isInstalled(name, model))) return model;
    const gemini = geminiByKey(name, model, environment, problems);
    for (const path of gemini.spared) spared.add(path);
    return gemini.spec;
  }

  async function build(path: Path, name: string, model: ModelSpec): Promise<ModelEntry | undefined> {
    const Client = await client(name, model);
    if (problems.has(path)) return undefined;
    const clients = clientsOf(name, model);
    const usable = clients.filter(({ part }) => part.length === 2 || problems.lacksOf(part).length === 0);
    const { prompt, systemPrompt = prompt === undefined ? undefined : prompts[prompt] } = model;
    const ofClients = lacksOfClients(name, model, problems);
    const lacks = [...lacksOf(name), ...(usable.length === 0 ? ofClients.flat() : [])];
    const made = {
      systemPrompt,
      cache: model.cache && buildCache(model.cache, embeddings),
      budget: model.budget && budgetOf(name, model.budget),
    };
    if (Client === undefined || lacks.length > 0)
      return entryOf(model, new UnavailableModel(new UnavailableModelError(name, problems.file, lacks)), made);
    for (const [index, each] of ofClients.entries())
      for (const { message } of each) problems.warn(clients[index]!.part, `is not used: ${message}`);
    try {
      const members = usable.map(({ spec: own, limit }, index) => {
        const chat = buildClient(sendable(own), Client, environment);
        return limit === undefined ? { model: chat } : { model: chat, limit: inStore(limit, `${name} ${index}`) };
      });
      const [first] = members as [(typeof members)[number]];
      const entry = entryOf(
        { ...sendable(usable[0]!.spec), limit: model.limit && inStore(model.limit, name) },
        first.model,
        made,
      );
      return model.clients === undefined ? entry : { ...entry, model: { clients: members as ModelPool["clients"] } };
    } catch (error) {
      complain(path, `its client cannot be made: ${redactError(error)}`);
      return undefined;
    }
  }

  const byTask = taskParameters(spec.tasks);
  const models: Record<string, ModelEntry> = {};
  for (const name of names) {
    const model = Object.hasOwn(spec.models, name) ? await reached(name, spec.models[name]!) : undefined;
    const lacks = lacksOf(name);
    if (model === undefined && lacks.length > 0 && !problems.has(["models", name]))
      models[name] = { model: new UnavailableModel(new UnavailableModelError(name, problems.file, lacks)) };
    if (model === undefined) continue;
    const entry = await build(["models", name], name, model);
    const tier = Object.keys(tiers).find((each) => tiers[each] === name);
    if (entry === undefined) continue;
    const forTasks = unavailability(entry) === undefined && byTask !== undefined ? { taskParameters: byTask } : {};
    models[name] = { ...entry, ...(tier !== undefined && entry.tier === undefined && { tier }), ...forTasks };
  }

  const roles: Record<string, ModelEntry> = {};
  for (const [role, { model, parameters }] of Object.entries(spec.roles ?? {})) {
    if (!Object.hasOwn(models, model)) continue;
    const base = models[model]!;
    if (parameters === undefined || unavailability(base) !== undefined) roles[role] = base;
    else {
      const own = {
        ...(await reached(model, spec.models[model]!)),
        parameters: { ...spec.models[model]!.parameters, ...parameters },
      };
      const entry = await build(["roles", role], model, own);
      if (entry !== undefined) roles[role] = { ...base, model: entry.model };
    }
  }

  /** Spreads the entry, since copies share their client's cool-down and limit. */
  const withSettings: WithSettings = (
    name,
    entry,
    { parameters, prompt, systemPrompt = prompt === undefined ? undefined : prompts[prompt] },
  ) => {
    if (entry === placeholder || unavailability(entry) !== undefined) return entry;
    const model = Object.hasOwn(spec.models, name) ? firstClient(name, spec.models[name]!) : undefined;
    const prompted = [entry.systemPrompt, systemPrompt].filter((each) => each !== undefined).join("\n\n");
    return {
      ...entry,
      ...(prompted !== "" && { systemPrompt: prompted }),
      ...(parameters && { parameters: model === undefined ? parameters : fieldsOf(model, parameters) }),
    };
  };

  return { models, roles, withSettings, budgetOf };
}

async function isInstalled(name: string, model: ModelSpec): Promise<boolean> {
  return loadClient(name, providerOf(model)).then(
    () => true,
    (error) => !MissingPackageError.isInstance(error),
  );
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
