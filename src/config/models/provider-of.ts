import type { ClientFields } from "../../models/client-kind.js";
import { isOpenai } from "../../models/openai-sdk.js";
import type { ModelSpec } from "./model-spec.js";
import { type Provider, providers } from "./providers.js";

/** How the models of a spec are made: OpenAI's client at another address may talk to any server that speaks its API. */
export function providerOf({ provider, baseUrl }: Pick<ModelSpec, "provider" | "baseUrl">): Provider {
  const { atOtherAddress, ...own } = providers[provider];
  return atOtherAddress === undefined || baseUrl === undefined || isOpenai(baseUrl)
    ? own
    : { ...own, ...atOtherAddress };
}

/** Whether a provider can be sent a parameter. */
export function takes({ parameters, inBody }: Provider, name: string): boolean {
  return Object.hasOwn(parameters, name) || Object.hasOwn(inBody, name);
}

/** Parameters as fields of the provider's client. */
export function parameterFields(
  { parameters = {}, body }: Pick<ModelSpec, "parameters" | "body">,
  provider: Provider,
): ClientFields {
  const client: ClientFields = {};
  const sent: ClientFields = { ...body };
  for (const [name, value] of Object.entries(parameters)) {
    const field = provider.parameters[name];
    if (field !== undefined) client[field] = value;
    else sent[provider.inBody[name]!] = value;
  }
  return Object.keys(sent).length === 0 ? client : { ...client, [provider.bodyField!]: sent };
}
