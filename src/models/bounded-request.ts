import type { ReplyTooLargeError } from "../errors/index.js";
import { boundedFetch } from "./bounded-fetch.js";

/** A request under way, and the way to tell that its reply was too large, of which an SDK keeps only that it could not be read. */
interface BoundedRequest<Reply> {
  readonly sent: Promise<Reply>;
  /** Throws the error of the bound where that is what went wrong, else the one given. */
  readonly fail: (error: unknown) => never;
}

/**
 * Sends a request with an SDK that takes no `fetch`, and bounds its reply.
 *
 * Such an SDK reads the global `fetch` at the moment it is called, so the global is another one for that moment: it is put back before
 * this function returns, and no other code runs in between. An SDK that reads it later sends its request without the bound.
 *
 * @param shape what the body of an answer passes on its way to the SDK
 */
export function boundedRequest<Reply>(
  limit: number,
  send: () => Promise<Reply>,
  shape?: () => TransformStream<Uint8Array<ArrayBuffer>, Uint8Array>,
): BoundedRequest<Reply> {
  const usual = globalThis.fetch;
  let tooLarge: ReplyTooLargeError | undefined;
  const fail = (error: unknown): never => {
    throw tooLarge ?? error;
  };
  const bounded = boundedFetch(usual, limit, (error) => {
    tooLarge = error;
  });
  const fetch: typeof bounded = async (...request) => {
    const reply = await bounded(...request);
    if (shape === undefined || !reply.ok || reply.body === null) return reply;
    return new Response(reply.body.pipeThrough(shape()), reply);
  };
  Reflect.set(globalThis, "fetch", fetch); // where globals are frozen it changes nothing, and throws nothing
  try {
    return { sent: send().catch(fail), fail };
  } finally {
    Reflect.set(globalThis, "fetch", usual);
  }
}
