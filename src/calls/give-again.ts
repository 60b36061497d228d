import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { closeLine, noteFirstToken, openLine, settleHit } from "../ledger/line.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { invokeChat } from "./invoke-chat.js";
import { roleWithin } from "./nesting.js";
import { noteCall } from "./scope.js";
import { showingOf } from "./showing.js";
import type { StoredAnswer, StoredMessage } from "./stored-answer.js";

/** A chat model that says one message, so that a stored answer is streamed and traced like any other. */
class CachedAnswer extends BaseChatModel {
  constructor(private readonly message: StoredMessage) {
    super({});
  }

  override _llmType(): string {
    return "cached_answer";
  }

  override async _generate(): Promise<ChatResult> {
    const message = new AIMessage({ ...this.message });
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    ...[, , run]: Parameters<BaseChatModel["_streamResponseChunks"]>
  ): AsyncGenerator<ChatGenerationChunk> {
    const { tool_calls = [], ...fields } = this.message;
    const tool_call_chunks = tool_calls.map(({ name, args, id }, index) => {
      return { name, args: JSON.stringify(args), id, index, type: "tool_call_chunk" as const };
    });
    const message = new AIMessageChunk({ ...fields, tool_call_chunks });
    const chunk = new ChatGenerationChunk({ text: message.text, message });
    yield chunk;
    await run?.handleLLMNewToken(message.text, undefined, undefined, undefined, undefined, { chunk });
  }
}

/** Gives a stored answer: a line of the ledger that costs nothing, and one chunk in a run that streams. */
export async function giveAgain(request: Attempt, { message: stored, paidOnce }: StoredAnswer): Promise<Answer> {
  const { model, messages, scope, options, stops, number } = request;
  const { path, node, turnId, config } = scope;
  const { role } = options;
  const of = { model: model.modelId ?? node, prompt: messages, price: model.price ?? null, attempt: number };
  const call = openLine({ path, node, turnId, role: roleWithin(scope.nesting, role) }, of);
  settleHit(call, paidOnce);
  noteCall(scope, call);
  try {
    const signal = config.signal ?? new AbortController().signal;
    for (const stop of stops) stop?.throwIfAborted();
    const silent = {
      id: call.id,
      model,
      messages,
      scope,
      showing: showingOf(scope, options),
      signal,
      onToken: () => noteFirstToken(call),
    };
    const { message } = await invokeChat(silent, new CachedAnswer(stored));
    return { message, modelUsed: path, call };
  } finally {
    closeLine(call);
  }
}
