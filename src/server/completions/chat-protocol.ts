import { randomUUID } from "node:crypto";
import type { Asked, Protocol, RunRequest } from "../protocol.js";
import type { ChatRequest } from "../request/chat-request.js";
import { readChat } from "../request/read-chat.js";
import { settingsOf } from "../request/settings.js";
import { toMessages } from "../request/to-messages.js";
import { checkReadable, ignoredFields } from "../request/unsupported.js";
import { completion } from "./completion.js";
import { chunkWriter } from "./completion-chunks.js";

/** OpenAI's chat completions. */
export const chatProtocol: Protocol = {
  newId: () => `chatcmpl-${randomUUID()}`,
  read(body): Asked {
    const request = readChat(body);
    const includeUsage = request.stream_options?.include_usage === true;
    return {
      run: runRequestOf(request),
      streams: request.stream === true,
      reply: completion,
      writer: (head, context) => chunkWriter(head, context, includeUsage),
    };
  },
  frame: (event) => `data: ${JSON.stringify(event)}\n\n`,
  closing: "data: [DONE]\n\n",
  keepAlive: ": keep-alive\n\n",
};

function runRequestOf(request: ChatRequest): RunRequest {
  const { model, metadata, user, orchestration } = request;
  return {
    ...{ model, metadata, user, stream: orchestration?.stream, form: request },
    settings: settingsOf(request),
    ignored: ignoredFields(request),
    messages: () => toMessages(request),
    question: () => questionOf(request),
    check: (served) => checkReadable(request, served),
  };
}

/** Returns the text of the last message of the user. */
function questionOf({ messages }: ChatRequest): string {
  const content = messages.findLast(({ role }) => role === "user")?.content;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => ("text" in part ? part.text : "[image]")).join("\n");
}
