import { randomUUID } from "node:crypto";
import type { Asked, Protocol } from "../protocol.js";
import { messageEvents } from "./message-events.js";
import { messageReply } from "./message-reply.js";
import { messagesRun, readMessages } from "./read-messages.js";

/** Anthropic's Messages API. */
export const messagesProtocol: Protocol = {
  newId: () => `msg_${randomUUID().replaceAll("-", "")}`,
  read(body): Asked {
    const request = readMessages(body);
    return {
      run: messagesRun(request),
      streams: request.stream === true,
      reply: messageReply,
      writer: messageEvents,
    };
  },
  frame: namedEvent,
  keepAlive: 'event: ping\ndata: {"type":"ping"}\n\n',
};

/** Writes an event under its own type. */
export function namedEvent(event: object): string {
  return `event: ${(event as { readonly type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`;
}
