import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { contentText } from "../../text/content-text.js";
import type { Recording } from "../recording.js";

/** Text by which a recording is found: the last message. */
export const questionOf = (input: Recording["input"]): string =>
  typeof input === "string" ? input : contentText(input.at(-1)!);

/** Makes a chat model of each recorded model, which answers the recorded questions. */
export function recordedChats(recordings: readonly Recording[]): Record<string, BaseChatModel> {
  const names = new Set(recordings.flatMap(({ answers }) => Object.keys(answers)));
  const byText = new Map(recordings.map((recording) => [questionOf(recording.input), recording]));
  return Object.fromEntries([...names].map((name) => [name, new RecordedChat(name, byText)]));
}

class RecordedChat extends BaseChatModel {
  constructor(
    private readonly recorded: string,
    private readonly byText: ReadonlyMap<string, Recording>,
  ) {
    super({});
  }

  override _llmType(): string {
    return "recorded";
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const answer = this.byText.get(contentText(messages.at(-1)!))?.answers[this.recorded];
    if (answer === undefined || answer.error !== undefined)
      throw new Error(answer?.error ?? `${this.recorded} has no recorded answer`);
    const { inputTokens = 0, outputTokens = 0 } = answer.usage ?? {};
    const usage = { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
    const message = new AIMessage({ content: answer.text, ...(answer.usage && { usage_metadata: usage }) });
    return { generations: [{ text: answer.text, message }] };
  }
}
