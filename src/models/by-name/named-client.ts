import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ChatResult } from "@langchain/core/outputs";
import { InvalidModelError, MissingPackageError, UnavailableModelError } from "../../errors/index.js";
import { contextWindowAt, lookUpPrice } from "../../ledger/price.js";
import { maskKeys } from "../../secrets/redact.js";
import { didYouMean } from "../../text/nearest-name.js";
import type { ClientFields } from "../client-kind.js";
import { isInstalled } from "./installed.js";
import { type NamedProvider, namedProviders } from "./named-providers.js";

/** Stands for a client of a provider until the first call, for which the client is made. */
export class NamedClient extends BaseChatModel {
  readonly model: string;
  private readonly window: number | undefined;
  /** Marks AzureChatOpenAI, whose deployment usually has the model's name. */
  readonly azureOpenAIApiDeploymentName?: string;
  private readonly providerAndId: string;
  private readonly provider: NamedProvider | undefined;

  /**
   * @param fields.name the provider and the model's id, `openai:gpt-4o-mini`
   * @throws {InvalidModelError} when the provider is unknown
   * @throws {MissingPackageError} when the package of its client is not installed
   */
  constructor(fields: ClientFields & { readonly name: string }) {
    super({ ...fields, maxRetries: 0 });
    const { name, ...given } = fields;
    const { provider, model } = partsOf(name);
    if (isInstalled(provider.package) === false) throw new MissingPackageError(`"${name}"`, [provider.package]);
    this.model = model;
    this.window = contextWindowAt(model, provider.catalogue);
    if (provider.className === "AzureChatOpenAI") this.azureOpenAIApiDeploymentName = model;
    this.providerAndId = name;
    this.provider = provider;
    Object.assign(this, given); // parameters, which stand in the same fields of the client
  }

  override _llmType(): string {
    const { type, package: from } = this.provider ?? {}; // the constructor of the base reads it, too
    return type ?? from ?? "named";
  }

  override get profile() {
    return this.window === undefined ? {} : { maxInputTokens: this.window };
  }

  /** List price of a provider whose kind of client is unknown before it is made. */
  get listPrice() {
    const { catalogue, type } = this.provider!;
    return type === undefined && catalogue !== undefined ? lookUpPrice(this.model, { id: catalogue }) : undefined;
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error(`"${this.providerAndId}" was called before its client was made`);
  }

  /** Returns the error of a call now, if the environment has no key. */
  missingKey(): UnavailableModelError | undefined {
    const { keys } = this.provider!;
    const environment = globalThis.process?.env ?? {};
    if (keys.length === 0 || keys.some((key) => environment[key])) return undefined;
    return unavailableFor(this.providerAndId, new Error(`set ${keys.join(" or ")}`));
  }

  /**
   * Makes the client.
   *
   * @throws {UnavailableModelError} when its key or package is missing
   */
  async load(): Promise<BaseChatModel> {
    const { package: from, className } = this.provider!;
    const unavailable = (message: string) => unavailableFor(this.providerAndId, new Error(message));
    const missing = this.missingKey();
    if (missing !== undefined) throw missing;
    const specifier: string = from; // a variable, so that bundlers leave the optional package alone
    const exported = await import(/* webpackIgnore: true */ /* @vite-ignore */ specifier).catch((error: Error) => {
      throw unavailable(`${from} cannot be loaded (${maskKeys(error.message)}); run: npm install ${from}`);
    });
    const Client = exported[className] as new (fields: ClientFields) => BaseChatModel;
    return new Client({ model: this.model, maxRetries: 0 });
  }
}

/** Makes the error of a model that cannot be called, from what its client or the import of it threw. */
export function unavailableFor(name: string, error: unknown): UnavailableModelError {
  if (UnavailableModelError.isInstance(error)) return error;
  return new UnavailableModelError(name, undefined, [
    { path: "", line: 0, message: maskKeys((error as Error).message) },
  ]);
}

const clients = new Map<string, NamedClient>();

/** Returns the client of a name, the same each time, so that entries of one name share its breaker and cool-down. */
export function namedClient(name: string, option: string): NamedClient {
  let client = clients.get(name);
  if (client === undefined) {
    checkModelName(name, option);
    client = new NamedClient({ name });
    clients.set(name, client);
  }
  return client;
}

/** Returns why a model of a name cannot be called now, as far as that is known without a call. */
export function missingKeyOf({ model }: { readonly model: unknown }): UnavailableModelError | undefined {
  return typeof model === "string" ? clients.get(model)?.missingKey() : undefined;
}

function partsOf(name: string): { readonly provider: NamedProvider; readonly model: string } {
  const at = name.indexOf(":"); // ids of Ollama and Bedrock have colons too
  const provider = (namedProviders as Readonly<Record<string, NamedProvider>>)[name.slice(0, at)]!;
  return { provider, model: name.slice(at + 1) };
}

function checkModelName(name: string, option: string): void {
  const at = name.indexOf(":");
  const provider = name.slice(0, Math.max(at, 0));
  const known = Object.keys(namedProviders);
  const id = name.slice(at + 1);
  if (at > 0 && Object.hasOwn(namedProviders, provider) && id !== "" && !/\s/.test(id)) return;
  const shown = `"${maskKeys(name)}"`;
  if (at > 0 && !Object.hasOwn(namedProviders, provider)) {
    throw new InvalidModelError(
      `${option} is ${shown}, and no provider is called "${maskKeys(provider)}"${didYouMean(provider, known) || `; the providers are ${known.join(", ")}`}`,
    );
  }
  throw new InvalidModelError(
    `${option} is ${shown}; write a model as "provider:model", such as "openai:gpt-4o-mini", with one of the providers ${known.join(", ")}`,
  );
}
