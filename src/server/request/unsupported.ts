import type { Served } from "../catalogue.js";
import { errorReply, RequestError } from "../request-error.js";
import { ChatRequest, type RequestMessage } from "./chat-request.js";

/** Unsupported fields that would change the reply, with a test for harmless values. */
const unserved: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isEmpty(value),
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === "text"),
  audio: () => false,
  functions: (value) => isEmpty(value),
  function_call: (value) => value === "none" || value === "auto",
  web_search_options: () => false,
};

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && Object.keys(value ?? {}).length === 0;
}

/** Finds the first unsupported field: ignoring it silently would change what the caller gets. */
export function unservedField(body: object): string | undefined {
  return Object.entries(body).find(
    ([field, value]) => value !== null && Object.hasOwn(unserved, field) && !unserved[field]!(value),
  )?.[0];
}

/** Limits on reported names, since a caller may send megabytes of unknown fields. */
const limits = { names: 50, length: 60 };

/**
 * Lists fields without effect: optional hints (`store`, `service_tier`), unknown fields, and stream options of a plain request.
 */
export function ignoredFields(request: ChatRequest): string[] {
  const known = (field: string) => Object.hasOwn(ChatRequest.shape, field) || Object.hasOwn(unserved, field);
  const hints = Object.entries(request).flatMap(([field, value]) => (value === null || known(field) ? [] : [field]));
  const streaming = (["stream_options", "orchestration"] as const).filter((field) => request[field] != null);
  return shownNames(request.stream === true ? hints : [...streaming, ...hints]);
}

/** Bounds a list of names that a caller chose. */
export function shownNames(names: readonly string[]): string[] {
  return names
    .slice(0, limits.names)
    .map((name) => (name.length > limits.length ? `${name.slice(0, limits.length - 1)}…` : name));
}

/**
 * Rejects messages that a model's client would reject, because that error would look like a server failure.
 *
 * @throws {RequestError} for instructions in the middle of a conversation, and for images by URL
 */
export function checkReadable(
  { messages }: ChatRequest,
  { name, plainMessages }: Pick<Served, "name" | "plainMessages">,
): void {
  if (!plainMessages) return;
  const isInstruction = ({ role }: RequestMessage) => role === "system" || role === "developer";
  const begin = messages.findIndex((message) => !isInstruction(message));
  for (const [place, message] of messages.entries()) {
    if (begin >= 0 && place > begin && isInstruction(message)) {
      throw unread(`${name} accepts instructions at the beginning only`, `messages.${place}`);
    }
    if (message.role !== "user" || typeof message.content === "string") continue;
    const shown = message.content.findIndex((part) => part.type === "image_url" && !/^data:/i.test(part.image_url.url));
    if (shown >= 0) throw unread(`${name} accepts images as data: URLs only`, `messages.${place}.content.${shown}`);
  }
}

function unread(message: string, param: string): RequestError {
  return new RequestError(errorReply(400, message, { param, code: "unsupported_parameter" }));
}
