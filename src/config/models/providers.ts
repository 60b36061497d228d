import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ClientFields, ClientKind, ClientSetup, ProviderRow } from "../../models/client-kind.js";
import { type ClientPackage, clientKinds, type ProviderName } from "../../models/client-kinds.js";

export type EmbeddingsClient = new (fields: ClientFields) => EmbeddingsInterface;
export type ChatClient = new (fields: ClientFields) => BaseChatModel;

/** Imports of the optional client packages, kept out of the kinds of client, since the main entry must bundle without them. */
const packages: Readonly<Record<ClientPackage, () => Promise<object>>> = {
  "@langchain/openai": () => import("@langchain/openai"),
  "@langchain/google-genai": () => import("@langchain/google-genai"),
  "@langchain/google-vertexai": () => import(vertexai),
  "@langchain/anthropic": () => import("@langchain/anthropic"),
  "@langchain/ollama": () => import("@langchain/ollama"),
};

/** Typed as `string`, so that the compiler does not need the package. */
const vertexai: string = "@langchain/google-vertexai";

/** Construction of the models of one provider. */
export interface Provider
  extends ClientSetup,
    Omit<ProviderRow, keyof ClientSetup>,
    Pick<ClientKind, "parameters" | "hosting" | "thinkingIsBoolean"> {
  readonly load: () => Promise<ChatClient>;
  readonly loadEmbeddings: () => Promise<EmbeddingsClient>;
}

/** Providers by name in config files: facts of their kind of client, with their own overrides. */
export const providers = Object.fromEntries(
  Object.values<ClientKind>(clientKinds).flatMap((kind) =>
    Object.entries(kind.providers).map(([name, own]) => [name, providerFrom({ ...kind, ...own })]),
  ),
) as Readonly<Record<ProviderName, Provider>>;

/** Provider names, suggested in this order: self-hosted servers come last. */
export const providerNames = (Object.keys(providers) as [ProviderName, ...ProviderName[]]).sort(
  (one, other) => Number(isSelfHosted(providers[one])) - Number(isSelfHosted(providers[other])),
);

/** Returns true for self-hosted servers, which may accept parameters unknown to this library. */
export function isSelfHosted({ inBody }: Pick<Provider, "inBody">): boolean {
  return inBody.topK !== undefined;
}

function providerFrom(facts: Omit<Provider, "load" | "loadEmbeddings">): Provider {
  const named = async <Client>(name: string) => {
    const names = (await packages[facts.package as ClientPackage]()) as Record<string, Client>;
    return names[name]!;
  };
  return {
    ...facts,
    load: () => named<ChatClient>(facts.className),
    loadEmbeddings: () => named<EmbeddingsClient>(facts.embeddingsClass!),
  };
}

/** Finds a provider by an alias used in other tools. */
export function providerCalled(name: string): ProviderName | undefined {
  return providerNames.find((each) => providers[each].otherNames.includes(name));
}
