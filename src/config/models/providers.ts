import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ClientFields, ClientKind, Making, ProviderRow } from "../../models/client-kind.js";
import { type ClientPackage, clientKinds, type ProviderName } from "../../models/client-kinds.js";

export type EmbeddingsClient = new (fields: ClientFields) => EmbeddingsInterface;
export type ChatClient = new (fields: ClientFields) => BaseChatModel;

/** Imports of the packages of clients, which are optional: apart from the kinds of client, since the main entry has to bundle without them. */
const packages: Readonly<Record<ClientPackage, () => Promise<object>>> = {
  "@langchain/openai": () => import("@langchain/openai"),
  "@langchain/google-genai": () => import("@langchain/google-genai"),
  "@langchain/google-vertexai": () => import(vertexai),
  "@langchain/anthropic": () => import("@langchain/anthropic"),
  "@langchain/ollama": () => import("@langchain/ollama"),
};

/** Not a literal: nobody has to install it for the compiler. */
const vertexai: string = "@langchain/google-vertexai";

/** How the models of one provider are made. */
export interface Provider
  extends Making,
    Omit<ProviderRow, keyof Making>,
    Pick<ClientKind, "parameters" | "hosting" | "switchesThinking"> {
  readonly load: () => Promise<ChatClient>;
  readonly loadEmbeddings: () => Promise<EmbeddingsClient>;
}

/** Providers by the name a file gives them: what is known of their kind of client, and what is their own. */
export const providers = Object.fromEntries(
  Object.values<ClientKind>(clientKinds).flatMap((kind) =>
    Object.entries(kind.providers).map(([name, own]) => [name, providerFrom({ ...kind, ...own })]),
  ),
) as Readonly<Record<ProviderName, Provider>>;

/** Names of providers; those of any server that speaks OpenAI's API are the last to be proposed. */
export const providerNames = (Object.keys(providers) as [ProviderName, ...ProviderName[]]).sort(
  (one, other) => Number(isOpen(providers[one])) - Number(isOpen(providers[other])),
);

/** True for a server of one's own, which may have parameters unknown to us. */
export function isOpen({ inBody }: Pick<Provider, "inBody">): boolean {
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

/** The provider other systems, or its makers, call by a name. */
export function providerCalled(name: string): ProviderName | undefined {
  return providerNames.find((each) => providers[each].otherNames.includes(name));
}
