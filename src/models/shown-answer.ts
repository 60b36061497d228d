import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { ChatModelStream } from "@langchain/core/language_models/stream";
import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { answerEvents } from "./answer-events.js";

/** A chunk of an answer as chat models give it. */
export function generationOf(message: AIMessageChunk): ChatGenerationChunk {
  return new ChatGenerationChunk({ text: message.text, message });
}

/** Tells the callbacks of a run of a chunk. */
export async function tellChunk(run: CallbackManagerForLLMRun | undefined, chunk: ChatGenerationChunk): Promise<void> {
  await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
}

/**
 * Tells the callbacks of a run of the events of an answer, and puts the message together as LangChain does: in its standard form,
 * and without what was given up before.
 */
export async function tellEvents(
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
