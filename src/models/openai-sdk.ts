import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { environment } from "../secrets/environment.js";
import { boundedFetch } from "./bounded-fetch.js";

/** The part of `ChatOpenAI` that speaks chat completions, in so far as a view of it needs it. */
export interface Completions {
  readonly clientConfig?: { readonly baseURL?: string | null; readonly fetch?: typeof fetch };
  readonly azureOpenAIApiDeploymentName?: unknown;
  _generate(messages: BaseMessage[], ...rest: unknown[]): unknown;
  _streamResponseChunks(messages: BaseMessage[], ...rest: unknown[]): unknown;
  completionWithRetry(request: Sent, ...rest: unknown[]): unknown;
  _convertCompletionsMessageToBaseMessage(said: Said, ...rest: unknown[]): BaseMessage;
  _convertCompletionsDeltaToBaseMessageChunk(said: Said, ...rest: unknown[]): BaseMessage;
}

/** A request as it is sent. */
interface Sent {
  readonly messages: readonly { readonly role: string; readonly audio?: unknown }[];
}

/** A message or a delta as servers write it. */
interface Said {
  readonly refusal?: unknown;
  /** DeepSeek's name for what was thought; the client drops it where a delta names no role. */
  readonly reasoning_content?: unknown;
  /** OpenRouter's and vLLM's name for it. */
  readonly reasoning?: unknown;
}

/** True where a server may know fields of other makers: not OpenAI's own and Azure's, which refuse those they do not know. */
export function speaksFreely({ clientConfig, azureOpenAIApiDeploymentName: azure }: Completions): boolean {
  const url = clientConfig?.baseURL ?? environment().OPENAI_BASE_URL;
  return (
    azure === undefined && url !== undefined && URL.canParse(url) && !/(^|\.)openai\.com$/.test(new URL(url).hostname)
  );
}

/**
 * A view of the client that tells everything and reads no more than it should: it keeps refusals and thoughts (`reasoning`), which
 * the client drops (openai 1.6.0), hands thoughts of the history back to servers that may want them, and bounds what it is sent.
 *
 * @param replyBytes the most a server may send
 */
export function frankCompletions(given: Completions, replyBytes: number): Completions {
  const frank: typeof given._convertCompletionsMessageToBaseMessage = function (this: Completions, said, ...rest) {
    return keepSaid(given._convertCompletionsMessageToBaseMessage.call(this, said, ...rest), said);
  };
  const delta: typeof frank = function (this: Completions, said, ...rest) {
    return keepSaid(given._convertCompletionsDeltaToBaseMessageChunk.call(this, said, ...rest), said);
  };
  const remembering = (method: "_generate" | "_streamResponseChunks") =>
    function (this: Completions, messages: BaseMessage[], ...rest: unknown[]) {
      return given[method].call(speaksFreely(given) ? withThoughts(this, messages) : this, messages, ...rest);
    };
  const { clientConfig } = given;
  return Object.create(given, {
    client: { value: undefined, writable: true }, // it is made anew, with this configuration
    clientConfig: { value: { ...clientConfig, fetch: boundedFetch(clientConfig?.fetch, replyBytes) }, writable: true },
    _convertCompletionsMessageToBaseMessage: { value: frank },
    _convertCompletionsDeltaToBaseMessageChunk: { value: delta },
    _generate: { value: remembering("_generate") },
    _streamResponseChunks: { value: remembering("_streamResponseChunks") },
  });
}

function keepSaid(message: BaseMessage, said: Said): BaseMessage {
  const { additional_kwargs: kept } = message;
  const { refusal, reasoning_content: reasoning = said.reasoning } = said;
  if (typeof refusal === "string" && refusal !== "") kept.refusal = refusal;
  if (typeof reasoning === "string" && reasoning !== "") kept.reasoning_content ??= reasoning;
  return message;
}

/** A view for one call: the thoughts of each answer in the history go out with it. */
function withThoughts(client: Completions, messages: readonly BaseMessage[]): Completions {
  const thoughts = messages.filter((message) => AIMessage.isInstance(message)).map(thoughtOf);
  if (thoughts.every((thought) => thought === undefined)) return client;
  const completionWithRetry = (request: Sent, ...rest: unknown[]) => {
    let answers = 0;
    const sent = request.messages.map((message) => {
      if (message.role !== "assistant" || message.audio !== undefined) return message;
      const reasoning_content = thoughts[answers++];
      return reasoning_content === undefined ? message : { ...message, reasoning_content };
    });
    return client.completionWithRetry({ ...request, messages: sent }, ...rest);
  };
  return Object.create(client, { completionWithRetry: { value: completionWithRetry } });
}

function thoughtOf({ additional_kwargs: { reasoning_content: thought } }: BaseMessage): string | undefined {
  return typeof thought === "string" && thought !== "" ? thought : undefined;
}
