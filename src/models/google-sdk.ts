import { ModelRefusalError } from "@langchain/core/errors";
import { onAbort } from "../resilience/deadline.js";
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
 * unfinished stream must be aborted. It never takes its listener off the signal of a request, so each request gets a signal of its own, and
 * a plain one: Node keeps signals of `AbortSignal.any` for as long as they have a listener.
 *
 * @param bounds what is watched in its replies
 */
export function patchedSdk(sdk: GoogleSdk, bounds: ReplyBounds): GoogleSdk {
  const generateContentStream: GoogleSdk["generateContentStream"] = async (request, options = {}) => {
    const own = ownSignal(options);
    const send = () => sdk.generateContentStream!(request, { ...options, signal: own.signal });
    const { sent, fail } = boundedRequest(bounds, send, eventByEvent);
    try {
      const { stream, response } = await sent;
      response.catch(() => {});
      return { stream: completeStream(stream, response, own, fail), response };
    } catch (error) {
      own.leave();
      throw error;
    }
  };
  const generateContent: GoogleSdk["generateContent"] = async (request, options = {}) => {
    const own = ownSignal(options);
    try {
      return await boundedRequest(bounds, () => sdk.generateContent!(request, { ...options, signal: own.signal })).sent;
    } finally {
      own.leave();
    }
  };
  return Object.create(sdk, {
    generateContentStream: { value: generateContentStream },
    generateContent: { value: generateContent },
  });
}

/** Signal of one request. */
interface OwnSignal {
  readonly signal: AbortSignal;
  /** Stops following the caller's signal. */
  leave(): void;
  /** Ends what is left of the request. */
  abort(): void;
}

function ownSignal({ signal: given }: RequestOptions): OwnSignal {
  const controller = new AbortController();
  if (given?.aborted === true) controller.abort(given.reason);
  const leave = given === undefined ? () => {} : onAbort(given, () => controller.abort(given.reason));
  return { signal: controller.signal, leave, abort: () => controller.abort() };
}

async function* completeStream(
  stream: AsyncIterable<GoogleResponse>,
  response: Promise<GoogleResponse>,
  own: OwnSignal,
  fail: (error: unknown) => never,
): AsyncGenerator<GoogleResponse> {
  try {
    for await (const part of stream) yield withContent(part);
    const blocked = (await response).promptFeedback?.blockReason;
    if (blocked !== undefined) throw new ModelRefusalError(`The provider blocked the prompt: ${blocked}`);
  } catch (error) {
    fail(error);
  } finally {
    own.leave();
    own.abort();
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
