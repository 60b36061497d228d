import type { ReplyTooLargeError } from "../errors/index.js";
import { boundedFetch, type ReplyBounds } from "./bounded-fetch.js";

interface BoundedRequest<Reply> {
  readonly sent: Promise<Reply>;
  /** Throws `ReplyTooLargeError` if the limit was exceeded, which the SDK hides, otherwise the given error. */
  readonly fail: (error: unknown) => never;
}

/**
 * Sends a request with an SDK that accepts no `fetch`, and limits the size of its reply.
 *
 * Replaces the global `fetch` during the synchronous part of the call only, so no other code sees it. An SDK that reads the global
 * later sends its request without the limit.
 *
 * @param shape transforms the body of a successful reply
 */
export function boundedRequest<Reply>(
  bounds: ReplyBounds,
  send: () => Promise<Reply>,
  shape?: () => TransformStream<Uint8Array<ArrayBuffer>, Uint8Array>,
): BoundedRequest<Reply> {
  const usual = globalThis.fetch;
  let tooLarge: ReplyTooLargeError | undefined;
  const fail = (error: unknown): never => {
    throw tooLarge ?? error;
  };
  const bounded = boundedFetch(usual, bounds, (error) => {
    tooLarge = error;
  });
  const fetch: typeof bounded = async (...request) => {
    const reply = await bounded(...request);
    if (shape === undefined || !reply.ok || reply.body === null) return reply;
    return new Response(reply.body.pipeThrough(shape()), reply);
  };
  Reflect.set(globalThis, "fetch", fetch); // does not throw if globals are frozen
  try {
    return { sent: send().catch(fail), fail };
  } finally {
    Reflect.set(globalThis, "fetch", usual);
  }
}
