import { providerNames, providers } from "../../config/models/providers.js";
import type { Environment } from "../../config/text/interpolate.js";

/** What this machine has for models: variables with keys, and an Ollama that runs. */
export interface FoundProviders {
  /** Provider and the variable that holds its key. */
  readonly keys: readonly { readonly provider: (typeof providerNames)[number]; readonly variable: string }[];
  /** Models of the local Ollama; `undefined` if it does not run. */
  readonly ollama: readonly string[] | undefined;
}

/** Milliseconds until Ollama counts as absent. */
const timeoutMs = 1_000;

/** Finds keys in the environment, without reading them, and the local Ollama, without a key. */
export async function foundProviders(environment: Environment): Promise<FoundProviders> {
  const keys = providerNames.flatMap((provider) => {
    const { keyVariable, otherKeyVariable } = providers[provider];
    const variable = [keyVariable, otherKeyVariable].find((name) => name && environment[name]?.trim());
    return variable === undefined ? [] : [{ provider, variable }];
  });
  return { keys, ollama: await ollamaModels(environment.OLLAMA_BASE_URL ?? providers.ollama.url!) };
}

async function ollamaModels(url: string): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/api/tags`, { signal: AbortSignal.timeout(timeoutMs) });
    const { models } = (await response.json()) as { readonly models: readonly { readonly name: string }[] };
    return models.map(({ name }) => name).filter((name) => !/embed|bge|minilm/i.test(name));
  } catch {
    return undefined;
  }
}
