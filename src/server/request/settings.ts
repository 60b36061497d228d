import type { ChatRequest } from "./chat-request.js";

/** One setting of a model that a request asks for. */
export interface Setting {
  /** Field of the request. */
  readonly field: string;
  /** What this library calls it. */
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

/** Settings that are hints: a model alone without them answers all the same. */
const hints: ReadonlySet<string> = new Set(["seed", "reasoningEffort"]);

/** True for a setting without which the answer would be another one than was asked for. */
export function isNeeded({ name }: Setting): boolean {
  return !hints.has(name);
}

/** The settings of a request; of two fields for one, the later one below counts. */
export function settingsOf(request: ChatRequest): Setting[] {
  return Object.entries(names).flatMap(([field, name]) => {
    const value = request[field as keyof typeof names];
    if (value == null) return [];
    return [{ field, name, value: name === "stop" ? [value].flat() : value }];
  });
}
