import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { environment } from "../secrets/environment.js";
import { boundedFetch } from "./bounded-fetch.js";

/** A part of `ChatOpenAI` with a connection of its own, in so far as a view of it needs it. */
export interface Connected {
  readonly clientConfig?: { readonly baseURL?: string | null; readonly fetch?: typeof fetch };
}

/** The part of `ChatOpenAI` that speaks chat completions. */
export interface Completions extends Connected {
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
  return azure === undefined && url !== undefined && URL.canParse(url) && !isOpenai(url);
}

/** True for an address of OpenAI's; `https://eu.api.openai.com/v1` is one too. */
export const isOpenai = (url: string) => URL.canParse(url) && /(^|\.)openai\.com$/.test(new URL(url).hostname);

/**
 * A view of the client that tells everything and reads no more than it should: it keeps refusals and thoughts (`reasoning`), which
 * the client drops (openai 1.6.0), hands thoughts of the history back to servers that may want them, and bounds what it is sent.
 *
 * @param replyBytes the most a server may send
 */
export function frankCompletions(given: Completions, replyBytes: number): Completions {
  let free: boolean | undefined; // known at the first call, as the address the client then connects to
  const frank: typeof given._convertCompletionsMessageToBaseMessage = function (this: Completions, said, ...rest) {
    return keepSaid(given._convertCompletionsMessageToBaseMessage.call(this, said, ...rest), said, rest[0]);
  };
  const delta: typeof frank = function (this: Completions, said, ...rest) {
    return keepSaid(given._convertCompletionsDeltaToBaseMessageChunk.call(this, said, ...rest), said, rest[0]);
  };
  const remembering = (method: "_generate" | "_streamResponseChunks") =>
    function (this: Completions, messages: BaseMessage[], ...rest: unknown[]) {
      free ??= speaksFreely(given);
      return given[method].call(free ? withThoughts(this, messages) : this, messages, ...rest);
    };
  return Object.create(given, {
    ...boundConnection(given, replyBytes),
    _convertCompletionsMessageToBaseMessage: { value: frank },
    _convertCompletionsDeltaToBaseMessageChunk: { value: delta },
    _generate: { value: remembering("_generate") },
    _streamResponseChunks: { value: remembering("_streamResponseChunks") },
  });
}

/** What stands around a message or a delta. */
interface Reply {
  readonly error?: unknown;
  readonly choices?: readonly { readonly error?: unknown }[];
}

/** A view of the part that speaks the Responses API, which bounds what it is sent; that API tells everything by itself. */
export function boundResponses<Responses extends Connected>(given: Responses, replyBytes: number): Responses {
  return Object.create(given, boundConnection(given, replyBytes));
}

function boundConnection({ clientConfig }: Connected, replyBytes: number): PropertyDescriptorMap {
  return {
    client: { value: undefined, writable: true }, // it is made anew, with this configuration
    clientConfig: { value: { ...clientConfig, fetch: boundedFetch(clientConfig?.fetch, replyBytes) }, writable: true },
  };
}

function keepSaid(message: BaseMessage, said: Said, reply: unknown): BaseMessage {
  const { additional_kwargs: kept } = message;
  const { error, choices } = Object(reply) as Reply;
  const failure = error ?? choices?.[0]?.error; // OpenRouter's and gateways', beside half an answer
  if (failure) kept.provider_error = failure;
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
