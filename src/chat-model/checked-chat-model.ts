import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { checkPrompt } from "../state/message-input.js";

/** A chat model that says by name what is wrong with its input; LangChain's own reads it first, and fails within. */
export abstract class CheckedChatModel<Options extends BaseChatModelCallOptions> extends BaseChatModel<Options> {
  /** @throws {InvalidInputError} when the input is none */
  override async invoke(...call: Parameters<BaseChatModel<Options>["invoke"]>) {
    checkPrompt(call[0]);
    return super.invoke(...call);
  }

  /** @throws {InvalidInputError} when the input is none */
  override async *_streamIterator(...call: Parameters<BaseChatModel<Options>["_streamIterator"]>) {
    checkPrompt(call[0]);
    yield* super._streamIterator(...call);
  }
}
