import { ReplyTooLargeError } from "../errors/index.js";
import { rememberRequest } from "../secrets/sent-secrets.js";

/** Maximum bytes of one reply, against servers that never stop sending. An answer of a million tokens is about 4 MB. */
export const defaultReplyBytes = 32 * 2 ** 20;

/** What is watched in the replies of a client. */
export interface ReplyBounds {
  /** Maximum bytes of one reply. */
  readonly bytes: number;
  /** Receives the headers of each reply. */
  readonly onHeaders?: ((headers: Headers) => void) | undefined;
}

/**
 * Returns a `fetch` that throws if a reply exceeds the limit after decompression. Also remembers the secrets of each request, before
 * a reply can repeat them.
 *
 * @param onTooLarge receives the error, for clients that replace it with their own
 */
export function boundedFetch(
  fetch: typeof globalThis.fetch | undefined,
  { bytes: limit, onHeaders }: ReplyBounds,
  onTooLarge?: (error: ReplyTooLargeError) => void,
): typeof globalThis.fetch {
  const tooLarge = () => {
    const error = new ReplyTooLargeError(limit);
    onTooLarge?.(error);
    return error;
  };
  return async (...request) => {
    rememberSecretsOf(...request);
    const reply = await (fetch ?? globalThis.fetch)(...request);
    const { status, statusText, headers, body } = reply;
    onHeaders?.(headers);
    if (body === null) return reply;
    const length = headers.get("content-length");
    if (Number(length) > limit) {
      await body.cancel();
      throw tooLarge();
    }
    if (length !== null && !headers.has("content-encoding")) return reply; // cannot exceed its declared length
    return new Response(limitedBody(body, limit, tooLarge), { status, statusText, headers });
  };
}

function limitedBody(
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

function rememberSecretsOf(...[input, init]: Parameters<typeof globalThis.fetch>): void {
  try {
    const { url, headers } = input instanceof Request ? input : { url: String(input), headers: undefined };
    const sent = init?.headers ?? headers;
    rememberRequest(url, sent instanceof Headers ? sent : new Headers(sent));
  } catch {} // `fetch` reports the invalid request
}
