/** Bytes of one reply of a provider. An answer of a million tokens is about 4 MB; a server that sends without end would fill the memory. */
export const usualReplyBytes = 32 * 2 ** 20;

/** A provider sent more than is read. */
export class ReplyTooLargeError extends Error {
  override readonly name = "ReplyTooLargeError";
  readonly status = 502;
  constructor(limit: number) {
    super(`The provider sent more than ${limit} bytes (limit.replyBytes)`);
  }
}

/** A `fetch` whose replies end in an error once they are too large, unpacked. */
export function boundedFetch(fetch: typeof globalThis.fetch | undefined, limit: number): typeof globalThis.fetch {
  return async (...request) => {
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
