import { ModelRefusalError } from "@langchain/core/errors";
import type { ReplyBounds } from "./bounded-fetch.js";
import { boundedRequest } from "./bounded-request.js";
import { eventByEvent } from "./event-by-event.js";

/** Methods of Google's SDK that `ChatGoogleGenerativeAI` calls. */
export interface GoogleSdk {
  generateContentStream?(request: unknown, options?: RequestOptions): Promise<GoogleStream>;
  generateContent?(request: unknown, options?: RequestOptions): Promise<unknown>;
}

interface RequestOptions {
  readonly signal?: AbortSignal;
}

interface GoogleStream {
  readonly stream: AsyncIterable<GoogleResponse>;
  /** The whole answer; rejects when the stream breaks. */
  readonly response: Promise<GoogleResponse>;
}

interface GoogleResponse {
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly candidates?: readonly { readonly content?: object; readonly finishReason?: string }[];
}

/**
 * Wraps the SDK to fix defects of the client (google-genai 2.3.2) and to limit replies.
 *
 * The client ignores the `response` promise of a stream, so a broken stream causes an unhandled rejection and a blocked prompt ends
 * silently. It drops chunks without content, such as the finish reason. The SDK reads a second copy of each reply to the end, so an
 * unfinished stream must be aborted.
 *
 * @param bounds what is watched in its replies
 */
export function patchedSdk(sdk: GoogleSdk, bounds: ReplyBounds): GoogleSdk {
  const generateContentStream: GoogleSdk["generateContentStream"] = async (request, options = {}) => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const send = () => sdk.generateContentStream!(request, { ...options, signal });
    const { sent, fail } = boundedRequest(bounds, send, eventByEvent);
    const { stream, response } = await sent;
    response.catch(() => {});
    return { stream: completeStream(stream, response, left, fail), response };
  };
  const generateContent: GoogleSdk["generateContent"] = async (request, options) =>
    boundedRequest(bounds, () => sdk.generateContent!(request, options)).sent;
  return Object.create(sdk, {
    generateContentStream: { value: generateContentStream },
    generateContent: { value: generateContent },
  });
}

async function* completeStream(
  stream: AsyncIterable<GoogleResponse>,
  response: Promise<GoogleResponse>,
  left: AbortController,
  fail: (error: unknown) => never,
): AsyncGenerator<GoogleResponse> {
  try {
    for await (const part of stream) yield withContent(part);
    const blocked = (await response).promptFeedback?.blockReason;
    if (blocked !== undefined) throw new ModelRefusalError(`The provider blocked the prompt: ${blocked}`);
  } catch (error) {
    fail(error);
  } finally {
    left.abort();
  }
}

function withContent(part: GoogleResponse): GoogleResponse {
  const [candidate] = part.candidates ?? [];
  if (candidate?.finishReason === undefined || candidate.content !== undefined) return part;
  return {
    ...part,
    candidates: [{ ...candidate, content: { role: "model", parts: [{ text: "" }] } }] as typeof part.candidates,
  };
}
