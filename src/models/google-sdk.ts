import { ModelRefusalError } from "@langchain/core/errors";

/** The part of Google's SDK behind `ChatGoogleGenerativeAI` that streams. */
export interface GoogleSdk {
  generateContentStream?(...request: unknown[]): Promise<GoogleStream>;
}

interface GoogleStream {
  readonly stream: AsyncIterable<unknown>;
  /** The whole answer; rejects when the stream breaks. */
  readonly response: Promise<GoogleResponse>;
}

interface GoogleResponse {
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly candidates?: readonly { readonly finishReason?: string }[];
}

/** Finish reasons with which Gemini says that a filter stopped the answer (its `FinishReason`). */
export const googleRefusals = ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION", "SPII"] as const;

/**
 * A view of the SDK whose streams tell everything.
 *
 * The client reads only the first of a stream's two promises: a broken stream then rejects the second one unheard, which ends
 * the process, and a blocked prompt or answer ends without a word (google-genai 2.3.2).
 */
export function outspoken(sdk: GoogleSdk): GoogleSdk {
  const generateContentStream = async (...request: unknown[]): Promise<GoogleStream> => {
    const { stream, response } = await sdk.generateContentStream!(...request);
    response.catch(() => {});
    return { stream: refusing(stream, response), response };
  };
  return Object.create(sdk, { generateContentStream: { value: generateContentStream } });
}

async function* refusing(stream: AsyncIterable<unknown>, response: Promise<GoogleResponse>): AsyncGenerator<unknown> {
  yield* stream;
  const { promptFeedback, candidates } = await response;
  const blocked = promptFeedback?.blockReason;
  if (blocked !== undefined) throw new ModelRefusalError(`The provider blocked the prompt: ${blocked}`);
  const reason = candidates?.[0]?.finishReason;
  if (reason !== undefined && (googleRefusals as readonly string[]).includes(reason)) {
    throw new ModelRefusalError(`The provider stopped the answer: ${reason}`);
  }
}
