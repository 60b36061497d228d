import { SimpleChatModel } from "@langchain/core/language_models/chat_models";

/** A model that answers once it is released; an abort ends its call. */
export class HeldModel extends SimpleChatModel {
  calls = 0;
  private open!: () => void;
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
  private begin!: () => void;
  /** Fulfilled as the first call begins. */
  readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });

  constructor(private readonly text: string) {
    super({});
  }

  release(): void {
    this.open();
  }

  override _llmType(): string {
    return "held";
  }

  override async _call(_messages: unknown, { signal }: this["ParsedCallOptions"]): Promise<string> {
    this.calls++;
    this.begin();
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
    });
    await Promise.race([this.opened, aborted]);
    return this.text;
  }
}
