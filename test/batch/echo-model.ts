import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";

/** Answers of an echo: what it was asked last, in a turn of the event loop of its own. */
export class EchoModel extends SimpleChatModel {
  asked: string[] = [];
  open = 0;
  /** Most calls under way at once. */
  most = 0;
  aborted = 0;

  /** @param reply text of the answer, or what it waits for */
  constructor(
    private readonly reply: (text: string) => string | Promise<string> = (text) => `You said: ${text}`,
    private readonly outputTokens = 10,
  ) {
    super({});
  }

  override _llmType(): string {
    return "echo";
  }

  override async _call(): Promise<string> {
    return "";
  }

  override async _generate(messages: BaseMessage[], options: { signal?: AbortSignal }): Promise<ChatResult> {
    const { text } = messages.at(-1)!;
    this.asked.push(text);
    this.most = Math.max(this.most, ++this.open);
    try {
      await new Promise(setImmediate);
      const reply = await Promise.race([this.reply(text), ended(options.signal)]);
      const usage_metadata = {
        input_tokens: 10,
        output_tokens: this.outputTokens,
        total_tokens: 10 + this.outputTokens,
      };
      return { generations: [{ text: reply, message: new AIMessage({ content: reply, usage_metadata }) }] };
    } catch (error) {
      if (options.signal?.aborted) this.aborted++;
      throw error;
    } finally {
      this.open--;
    }
  }
}

/** Rejects when a signal aborts. */
function ended(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** What never answers. */
export const never = () => new Promise<string>(() => {});
