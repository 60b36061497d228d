import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { UnavailableModelError } from "../errors/index.js";
import type { ModelEntry } from "./model.js";

/** Stands in for a model whose key, package or variable is missing: a call of it fails with what to do. */
export class UnavailableModel extends BaseChatModel {
  readonly reason: UnavailableModelError;

  constructor(reason: UnavailableModelError) {
    super({ maxRetries: 0 });
    this.reason = reason;
  }

  override _llmType(): string {
    return "unavailable";
  }

  /** Accepts tools, so that a call fails with the reason instead of for want of tools. */
  override bindTools(): this {
    return this;
  }

  override async _generate(
    _messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    _runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    throw this.reason;
  }
}

/** Returns why an entry of a file cannot be called here. */
export function unavailability({ model }: ModelEntry): UnavailableModelError | undefined {
  return model instanceof UnavailableModel ? model.reason : undefined;
}
