import type { Served } from "../catalogue.js";
import { errorReply, RequestError } from "../request-error.js";
import { ChatRequest, type RequestMessage } from "./chat-request.js";

/** Fields that change what the caller gets and are not served, with the values that ask for nothing. */
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

/** The first field that asks for what is not served: dropping it in silence would give the caller something else. */
export function unservedField(body: object): string | undefined {
  return Object.entries(body).find(
    ([field, value]) => value !== null && Object.hasOwn(unserved, field) && !unserved[field]!(value),
  )?.[0];
}

/** Names that are given back of fields without effect, and characters of each: a caller may send megabytes of them. */
const most = { names: 50, length: 60 };

/** Fields without effect: hints at most (`seed`, `store`, `service_tier`, …), unknown ones, and what only a stream has. */
export function ignoredFields(request: ChatRequest): string[] {
  const known = (field: string) => Object.hasOwn(ChatRequest.shape, field) || Object.hasOwn(unserved, field);
  const hints = Object.entries(request).flatMap(([field, value]) => (value === null || known(field) ? [] : [field]));
  const all = request.stream_options != null && request.stream !== true ? ["stream_options", ...hints] : hints;
  return all
    .slice(0, most.names)
    .map((name) => (name.length > most.length ? `${name.slice(0, most.length - 1)}…` : name));
}

/**
 * Refuses messages that a model's client refuses, whose words would be taken for a failure behind this server.
 *
 * @throws {RequestError} for instructions in the middle of a conversation, and for images by address
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
      throw unread(`${name} takes instructions at the beginning only`, `messages.${place}`);
    }
    if (message.role !== "user" || typeof message.content === "string") continue;
    const shown = message.content.findIndex((part) => part.type === "image_url" && !/^data:/i.test(part.image_url.url));
    if (shown >= 0) throw unread(`${name} takes images as data: URLs only`, `messages.${place}.content.${shown}`);
  }
}

function unread(message: string, param: string): RequestError {
  return new RequestError(errorReply(400, message, { param, code: "unsupported_parameter" }));
}
