import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { RecordedAnswer } from "./shared-data.js";

/**
 * A chat model that answers a prompt as it was recorded: the extracted answer as "The answer is (C)." or "#### 18", with the
 * recorded token counts as usage. The full replies are left out, so that grades are those of the recording's own judge.
 */
export class RecordedModel extends BaseChatModel {
  constructor(
    readonly model: string,
    private readonly answers: ReadonlyMap<string, RecordedAnswer>,
    private readonly say: (key: string) => string,
  ) {
    super({});
  }

  override _llmType(): string {
    return "recorded";
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const answer = this.answers.get(messages.at(-1)?.text ?? "");
    if (answer === undefined) throw new Error(`${this.model} was not asked this.`);
    const { key, inputTokens, outputTokens } = answer;
    const text = key === "" ? "I found no answer." : this.say(key);
    const usage = {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    };
    const message = new AIMessage({ content: text, usage_metadata: usage });
    return { generations: [{ text, message }] };
  }
}
