import { ReplyTooLargeError } from "../errors/index.js";
import { keepRequest } from "../secrets/sent-secrets.js";

/** Bytes of one reply of a provider. An answer of a million tokens is about 4 MB; a server that sends without end would fill the memory. */
export const usualReplyBytes = 32 * 2 ** 20;

/**
 * A `fetch` whose replies end in an error once they are too large, unpacked. It knows the secrets of each request, a key given as a
 * function among them, before a reply can repeat them.
 *
 * @param onTooLarge gets that error, for clients that throw one of their own in its place
 */
export function boundedFetch(
  fetch: typeof globalThis.fetch | undefined,
  limit: number,
  onTooLarge?: (error: ReplyTooLargeError) => void,
): typeof globalThis.fetch {
  const tooLarge = () => {
    const error = new ReplyTooLargeError(limit);
    onTooLarge?.(error);
    return error;
  };
  return async (...request) => {
    keepSentBy(...request);
    const reply = await (fetch ?? globalThis.fetch)(...request);
    const { status, statusText, headers, body } = reply;
    if (body === null) return reply;
    const length = headers.get("content-length");
    if (Number(length) > limit) {
      await body.cancel();
      throw tooLarge();
    }
    if (length !== null && !headers.has("content-encoding")) return reply; // it cannot be longer than it says
    return new Response(counted(body, limit, tooLarge), { status, statusText, headers });
  };
}

/** Returns a body that ends in an error once more than the limit was read. */
function counted(
  body: ReadableStream<Uint8Array>,
  limit: number,
  tooLarge: () => ReplyTooLargeError,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let read = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        read += value.byteLength;
        if (read <= limit) {
          controller.enqueue(value);
          return;
        }
        controller.error(tooLarge());
        await reader.cancel();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function keepSentBy(...[input, init]: Parameters<typeof globalThis.fetch>): void {
  try {
    const { url, headers } = input instanceof Request ? input : { url: String(input), headers: undefined };
    const sent = init?.headers ?? headers;
    keepRequest(url, sent instanceof Headers ? sent : new Headers(sent));
  } catch {} // `fetch` itself says what is wrong with the request
}
