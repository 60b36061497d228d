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
} as const;

/** The settings of a request; of two fields for one, the later one below counts. */
export function settingsOf(request: ChatRequest): Setting[] {
  return Object.entries(names).flatMap(([field, name]) => {
    const value = request[field as keyof typeof names];
    if (value == null) return [];
    return [{ field, name, value: name === "stop" ? [value].flat() : value }];
  });
}
