import type { Client, ClientKind } from "./client-kind.js";
import { anthropic } from "./kinds/anthropic.js";
import { google } from "./kinds/google.js";
import { llamaCpp } from "./kinds/llama-cpp.js";
import { ollama } from "./kinds/ollama.js";
import { azureOpenai, openai } from "./kinds/openai.js";

/** Kinds of client by `_llmType()`, the one table that models, config, server and doctor read. */
export const clientKinds = {
  openai,
  azure_openai: azureOpenai,
  googlegenerativeai: google,
  anthropic,
  ollama,
  llama_cpp: llamaCpp,
} as const satisfies Readonly<Record<string, ClientKind>>;

type Kind = (typeof clientKinds)[keyof typeof clientKinds];
type ProvidersOf<Each> = Each extends { readonly providers: infer Rows } ? keyof Rows : never;
type PackageOf<Each> = Each extends { readonly providers: infer Rows; readonly package: infer Usual }
  ? { [Name in keyof Rows]: Rows[Name] extends { readonly package: infer Own } ? Own : Usual }[keyof Rows]
  : never;

/** Provider names in config files. */
export type ProviderName = ProvidersOf<Kind>;
/** Packages of the clients that config files construct. */
export type ClientPackage = PackageOf<Kind>;

export function kindOf(client: Client): ClientKind | undefined {
  const type = client._llmType?.();
  if (type === "openai" && client.azureOpenAIApiDeploymentName !== undefined) return azureOpenai;
  return type === undefined ? undefined : (clientKinds as Readonly<Record<string, ClientKind>>)[type];
}

/** Finds a kind by the name in a trace: `_llmType()` or provider. */
export function kindNamed(name: string | undefined): ClientKind | undefined {
  return Object.entries<ClientKind>(clientKinds).find(
    ([type, { provider }]) => type === name || provider === name,
  )?.[1];
}
