import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { checkPrompt } from "../state/message-input.js";

/** Chat model that validates its input before LangChain's code fails on it with an unclear error. */
export abstract class CheckedChatModel<Options extends BaseChatModelCallOptions> extends BaseChatModel<Options> {
  /** @throws {InvalidInputError} when the input is invalid */
  override async invoke(...call: Parameters<BaseChatModel<Options>["invoke"]>) {
    checkPrompt(call[0]);
    return super.invoke(...call);
  }

  /** @throws {InvalidInputError} when the input is invalid */
  override async *_streamIterator(...call: Parameters<BaseChatModel<Options>["_streamIterator"]>) {
    checkPrompt(call[0]);
    yield* super._streamIterator(...call);
  }
}
