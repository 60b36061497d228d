import { ModelRefusalError } from "@langchain/core/errors";
import { boundedRequest } from "./bounded-request.js";
import { eventByEvent } from "./event-by-event.js";

/** The part of Google's SDK behind `ChatGoogleGenerativeAI` that asks for answers. */
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
 * A view of the SDK whose streams tell everything, whose requests end where their stream is left, and whose replies are bounded.
 *
 * The client reads only the first of a stream's two promises, so that a broken stream rejects the second one unheard, which ends the
 * process, and a blocked prompt ends without a word; and it drops what comes without content, such as the reason an answer was stopped
 * for (google-genai 2.3.2). Of each reply it reads a second copy to the end, whoever reads the first.
 *
 * @param replyBytes the most a server may send
 */
export function outspoken(sdk: GoogleSdk, replyBytes: number): GoogleSdk {
  const generateContentStream: GoogleSdk["generateContentStream"] = async (request, options = {}) => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const send = () => sdk.generateContentStream!(request, { ...options, signal });
    const { sent, fail } = boundedRequest(replyBytes, send, eventByEvent);
    const { stream, response } = await sent;
    response.catch(() => {});
    return { stream: telling(stream, response, left, fail), response };
  };
  const generateContent: GoogleSdk["generateContent"] = async (request, options) =>
    boundedRequest(replyBytes, () => sdk.generateContent!(request, options)).sent;
  return Object.create(sdk, {
    generateContentStream: { value: generateContentStream },
    generateContent: { value: generateContent },
  });
}

async function* telling(
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
