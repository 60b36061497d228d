import { ReplyTooLargeError } from "../errors/index.js";
import { keepRequest } from "../secrets/sent-secrets.js";

/** Bytes of one reply of a provider. An answer of a million tokens is about 4 MB; a server that sends without end would fill the memory. */
export const usualReplyBytes = 32 * 2 ** 20;

/**
 * A `fetch` whose replies end in an error once they are too large, unpacked. It knows the secrets of each request, a key given as a
 * function among them, before a reply can repeat them.
 */
export function boundedFetch(fetch: typeof globalThis.fetch | undefined, limit: number): typeof globalThis.fetch {
  return async (...request) => {
    keepSentBy(...request);
    const reply = await (fetch ?? globalThis.fetch)(...request);
    if (reply.body === null) return reply;
    if (Number(reply.headers.get("content-length")) > limit) {
      await reply.body.cancel();
      throw new ReplyTooLargeError(limit);
    }
    let read = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        read += piece.byteLength;
        if (read > limit) throw new ReplyTooLargeError(limit);
        controller.enqueue(piece);
      },
    });
    const { status, statusText, headers } = reply;
    return new Response(reply.body.pipeThrough(counted), { status, statusText, headers });
  };
}

function keepSentBy(...[input, init]: Parameters<typeof globalThis.fetch>): void {
  try {
    const { url, headers } = input instanceof Request ? input : { url: String(input), headers: undefined };
    keepRequest(url, new Headers(init?.headers ?? headers));
  } catch {} // `fetch` itself says what is wrong with the request
}
