import { randomUUID } from "node:crypto";
import { namedEvent } from "../messages/messages-protocol.js";
import type { Asked, Protocol } from "../protocol.js";
import { KeptItems, type OutputItem } from "./kept-items.js";
import { readResponses, responsesRun } from "./read-responses.js";
import { responseEvents } from "./response-events.js";
import { responseReply } from "./response-reply.js";

/** Makes OpenAI's Responses API, with the items that later requests may refer to. */
export function openResponses(kept = new KeptItems()): Protocol {
  return {
    newId: () => `resp_${randomUUID().replaceAll("-", "")}`,
    read(body, caller): Asked {
      const request = readResponses(body, (id) => kept.get(caller, id));
      const keep = (items: readonly OutputItem[]) => {
        if (request.store !== false) kept.add(caller, items);
      };
      return {
        run: responsesRun(request),
        streams: request.stream === true,
        reply(head, answer, context) {
          const reply = responseReply(head, request, answer, context);
          keep(reply.output);
          return reply;
        },
        writer: (head, context) => responseEvents(head, request, context, keep),
      };
    },
    frame: namedEvent,
    keepAlive: ": keep-alive\n\n",
  };
}
