import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ModelEntry } from "../../../../src/index.js";

/** Answers by a function of the last message, with 10 input and 5 output tokens, and counts its calls. */
export class AnsweringModel extends BaseChatModel {
  calls = 0;

  constructor(
    readonly model: string,
    readonly answer: (text: string, messages: readonly BaseMessage[]) => string | AIMessage | Promise<string>,
  ) {
    super({});
  }

  override _llmType(): string {
    return "answering";
  }

  override async _generate(messages: BaseMessage[]) {
    this.calls++;
    const said = await this.answer(messages.at(-1)!.text, messages);
    const usage_metadata = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
    const message = typeof said === "string" ? new AIMessage({ content: said, usage_metadata }) : said;
    return { generations: [{ text: message.text, message }] };
  }
}

/** An entry at 1 USD a million tokens: each call costs 15 millionths of a dollar. */
export function pricedModel(
  name: string,
  answer: AnsweringModel["answer"],
  more: Partial<Omit<ModelEntry, "model">> = {},
) {
  return { model: new AnsweringModel(name, answer), price: { input: 1, output: 1 }, retry: false, ...more } as const;
}
