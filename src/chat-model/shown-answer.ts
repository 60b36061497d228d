import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { ChatModelStream } from "@langchain/core/language_models/stream";
import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { mergeConfigs, type Runnable, type RunnableConfig } from "@langchain/core/runnables";
import { answerEvents } from "./answer-events.js";

/** Makes `streamEvents` of a bound chat model return a stream with its message; LangChain's binding returns a bare generator. */
export function withEvents<Bound extends Runnable>(binding: Bound, model: BaseChatModel): Bound {
  const { config = {}, kwargs = {} } = binding as unknown as { config?: RunnableConfig; kwargs?: object };
  const inherited = binding.streamEvents.bind(binding) as StreamEvents;
  const streamEvents: StreamEvents = (input, options, streamOptions) =>
    options?.version === "v1" || options?.version === "v2"
      ? inherited(input, options, streamOptions)
      : model.streamEvents(input, mergeConfigs(config, { ...kwargs, ...options }));
  return Object.assign(binding, { streamEvents });
}

type StreamEvents = (
  input: BaseLanguageModelInput,
  options?: RunnableConfig & { readonly version?: string },
  streamOptions?: object,
) => unknown;

/** Chunk of an answer. LangChain joins the chunks of a stream for traces, where a discarded draft must not be part of the answer. */
class AnswerChunk extends ChatGenerationChunk {
  override concat(chunk: ChatGenerationChunk): ChatGenerationChunk {
    const { id } = this.message;
    if (id !== undefined && chunk.message.id !== undefined && chunk.message.id !== id) return chunk;
    return generationOf(super.concat(chunk).message as AIMessageChunk);
  }
}

export function generationOf(message: AIMessageChunk): ChatGenerationChunk {
  return new AnswerChunk({ text: message.text, message });
}

export async function reportChunk(
  run: CallbackManagerForLLMRun | undefined,
  chunk: ChatGenerationChunk,
): Promise<void> {
  await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
}

/**
 * Reports the events of an answer to the callbacks of a run, and assembles the message without abandoned parts, in LangChain's
 * standard form.
 */
export async function reportEvents(
  run: CallbackManagerForLLMRun | undefined,
  chunks: AsyncIterable<AIMessageChunk>,
): Promise<AIMessage> {
  const events: ChatModelStreamEvent[] = [];
  for await (const event of answerEvents(chunks)) {
    if (event.event === "message-start") events.length = 0;
    events.push(event);
    await run?.handleChatModelStreamEvent(event);
  }
  return new ChatModelStream(replayed(events));
}

async function* replayed(events: readonly ChatModelStreamEvent[]): AsyncGenerator<ChatModelStreamEvent> {
  yield* events;
}
