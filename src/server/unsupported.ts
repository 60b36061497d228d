import { ChatRequest } from "./chat-request.js";

/** Fields that change what the caller gets and are not served, with the values that ask for nothing. */
const unserved: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isEmpty(value),
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === "text"),
  audio: () => false,
  functions: (value) => isEmpty(value),
  function_call: (value) => value === "none",
  web_search_options: () => false,
};

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.keys(value ?? {}).length === 0;
}

/** The first field that asks for what is not served: dropping it in silence would give the caller something else. */
export function unservedField(body: object): string | undefined {
  return Object.entries(body).find(
    ([field, value]) => value !== null && Object.hasOwn(unserved, field) && !unserved[field]!(value),
  )?.[0];
}

/** Fields that are hints at most (`seed`, `store`, `service_tier`, …) or unknown: the reply names them. */
export function ignoredFields(body: object): string[] {
  const known = (field: string) => Object.hasOwn(ChatRequest.shape, field) || Object.hasOwn(unserved, field);
  return Object.entries(body).flatMap(([field, value]) => (value === null || known(field) ? [] : [field]));
}
