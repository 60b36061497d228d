import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { environment } from "../secrets/environment.js";
import { boundedFetch, type ReplyBounds } from "./bounded-fetch.js";

/** Part of `ChatOpenAI` with its own connection. */
export interface Connected {
  readonly clientConfig?: { readonly baseURL?: string | null; readonly fetch?: typeof fetch };
}

/** Part of `ChatOpenAI` for chat completions. */
export interface Completions extends Connected {
  readonly azureOpenAIApiDeploymentName?: unknown;
  _generate(messages: BaseMessage[], ...rest: unknown[]): unknown;
  _streamResponseChunks(messages: BaseMessage[], ...rest: unknown[]): unknown;
  completionWithRetry(request: CompletionRequest, ...rest: unknown[]): unknown;
  _convertCompletionsMessageToBaseMessage(said: ServerMessage, ...rest: unknown[]): BaseMessage;
  _convertCompletionsDeltaToBaseMessageChunk(said: ServerMessage, ...rest: unknown[]): BaseMessage;
}

interface CompletionRequest {
  readonly messages: readonly { readonly role: string; readonly audio?: unknown }[];
}

/** Message or delta of a server. */
interface ServerMessage {
  readonly refusal?: unknown;
  /** Reasoning in DeepSeek's format; the client drops it if a delta has no role. */
  readonly reasoning_content?: unknown;
  /** Reasoning in the format of OpenRouter and vLLM. */
  readonly reasoning?: unknown;
}

/** Returns true for servers that may accept unknown fields, which OpenAI and Azure reject. */
export function allowsForeignFields({ clientConfig, azureOpenAIApiDeploymentName: azure }: Completions): boolean {
  const url = clientConfig?.baseURL ?? environment().OPENAI_BASE_URL;
  return azure === undefined && url !== undefined && URL.canParse(url) && !isOpenai(url);
}

/** Returns true for an address of OpenAI, also a regional one (`https://eu.api.openai.com/v1`). */
export const isOpenai = (url: string) => URL.canParse(url) && /(^|\.)openai\.com$/.test(new URL(url).hostname);

/**
 * Wraps chat completions to keep refusals and `reasoning`, which the client drops (openai 1.6.0), to send the reasoning of earlier
 * answers back to servers that may need it, and to limit replies.
 *
 * @param bounds what is watched in its replies
 */
export function patchedCompletions(given: Completions, bounds: ReplyBounds): Completions {
  let free: boolean | undefined; // read at the first call, like the address the client then connects to
  const frank: typeof given._convertCompletionsMessageToBaseMessage = function (this: Completions, said, ...rest) {
    return keepDroppedFields(given._convertCompletionsMessageToBaseMessage.call(this, said, ...rest), said, rest[0]);
  };
  const delta: typeof frank = function (this: Completions, said, ...rest) {
    return keepDroppedFields(given._convertCompletionsDeltaToBaseMessageChunk.call(this, said, ...rest), said, rest[0]);
  };
  const remembering = (method: "_generate" | "_streamResponseChunks") =>
    function (this: Completions, messages: BaseMessage[], ...rest: unknown[]) {
      free ??= allowsForeignFields(given);
      return given[method].call(free ? withThoughts(this, messages) : this, messages, ...rest);
    };
  return Object.create(given, {
    ...boundConnection(given, bounds),
    _convertCompletionsMessageToBaseMessage: { value: frank },
    _convertCompletionsDeltaToBaseMessageChunk: { value: delta },
    _generate: { value: remembering("_generate") },
    _streamResponseChunks: { value: remembering("_streamResponseChunks") },
  });
}

interface ServerReply {
  readonly error?: unknown;
  readonly choices?: readonly { readonly error?: unknown }[];
}

/** Wraps the Responses API to limit replies; the client drops nothing there. */
export function boundResponses<Responses extends Connected>(given: Responses, bounds: ReplyBounds): Responses {
  return Object.create(given, boundConnection(given, bounds));
}

function boundConnection({ clientConfig }: Connected, bounds: ReplyBounds): PropertyDescriptorMap {
  return {
    client: { value: undefined, writable: true }, // the client makes a new one with this configuration
    clientConfig: { value: { ...clientConfig, fetch: boundedFetch(clientConfig?.fetch, bounds) }, writable: true },
  };
}

function keepDroppedFields(message: BaseMessage, said: ServerMessage, reply: unknown): BaseMessage {
  const { additional_kwargs: kept } = message;
  const { error, choices } = Object(reply) as ServerReply;
  const failure = error ?? choices?.[0]?.error; // OpenRouter and gateways send it with a partial answer
  if (failure) kept.provider_error = failure;
  const { refusal, reasoning_content: reasoning = said.reasoning } = said;
  if (typeof refusal === "string" && refusal !== "") kept.refusal = refusal;
  if (typeof reasoning === "string" && reasoning !== "") kept.reasoning_content ??= reasoning;
  return message;
}

/** Wraps the client for one call, which sends the reasoning of each earlier answer. */
function withThoughts(client: Completions, messages: readonly BaseMessage[]): Completions {
  const thoughts = messages.filter((message) => AIMessage.isInstance(message)).map(thoughtOf);
  if (thoughts.every((thought) => thought === undefined)) return client;
  const completionWithRetry = (request: CompletionRequest, ...rest: unknown[]) => {
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
