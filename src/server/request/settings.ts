import type { ChatRequest } from "./chat-request.js";

export interface Setting {
  /** Name in the request. */
  readonly field: string;
  /** Name in this library. */
  readonly name: string;
  readonly value: unknown;
}

const names = {
  temperature: "temperature",
  top_p: "topP",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  max_tokens: "maxTokens",
  max_completion_tokens: "maxTokens",
  stop: "stop",
  seed: "seed",
  reasoning_effort: "reasoningEffort",
} as const;

/** Optional settings: a model without them still answers. */
const hints: ReadonlySet<string> = new Set(["seed", "reasoningEffort", "thinking"]);

/** Returns true when ignoring the setting would change the answer. */
export function isNeeded({ name }: Setting): boolean {
  return !hints.has(name);
}

/** Reads the settings of a request; of two fields for one setting, the later in `names` wins. */
export function settingsOf(request: ChatRequest): Setting[] {
  return Object.entries(names).flatMap(([field, name]) => {
    const value = request[field as keyof typeof names];
    if (value == null) return [];
    return [{ field, name, value: name === "stop" ? [value].flat() : value }];
  });
}
