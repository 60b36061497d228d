import { randomUUID } from "node:crypto";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

/** A call of a tool that is bound to the model. */
export interface ScriptedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a scripted model says to the last human message, or the tool it calls; it throws to fail before the first token. */
export type Script = (question: string, messages: readonly BaseMessage[]) => string | ScriptedCall;

export interface ScriptedModelFields {
  /** The id it goes by in ledgers and traces. */
  readonly model: string;
  readonly script: Script;
  /** Tokens after which its connection is lost. @default never */
  readonly breaksAfter?: number;
  /** Nothing here depends on it; a stage or an entry may set it all the same. */
  readonly temperature?: number;
}

/** Milliseconds before each token: slow enough to be seen in Studio. */
const pace = 5;

/** Prices a small and a large model may have, so that the ledger adds up to something. USD per million tokens. */
export const cheap = { input: 0.15, output: 0.6 };
export const dear = { input: 2.5, output: 10 };

/** A scripted model in one line: `scripted("coder", (question) => …)` goes by the id `scripted-coder`. */
export function scripted(name: string, script: Script, options: Pick<ScriptedModelFields, "breaksAfter"> = {}) {
  return new ScriptedModel({ model: `scripted-${name}`, script, ...options });
}

/** The error of a provider that is down, in the shape its client throws it. */
export function unavailable(reason: string): Error {
  return Object.assign(new Error(`503 ${reason}`), { status: 503 });
}

/**
 * A chat model without a provider: it answers from a script, says so, and streams word by word, so that every graph of this
 * folder runs without a key. Put a real client in its place and the graph stays as it is.
 */
export class ScriptedModel extends BaseChatModel {
  readonly model: string;
  readonly temperature: number | undefined;

  constructor(private readonly fields: ScriptedModelFields) {
    super({ ...fields } as BaseChatModelParams);
    this.model = fields.model;
    this.temperature = fields.temperature;
  }

  override _llmType(): string {
    return "scripted";
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    return { ...super.getLsParams(options), ls_model_name: this.model };
  }

  /** The script names its tools itself. */
  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[], options: BaseChatModelCallOptions): Promise<ChatResult> {
    const chunks: ChatGenerationChunk[] = [];
    for await (const chunk of this._streamResponseChunks(messages, options)) chunks.push(chunk);
    return { generations: [chunks.reduce((whole, chunk) => whole.concat(chunk))] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    { signal }: BaseChatModelCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    let spoken = 0;
    for (const chunk of this.chunksFor(messages)) {
      await new Promise((resolve) => setTimeout(resolve, pace));
      signal?.throwIfAborted();
      if (spoken++ === this.fields.breaksAfter) throw unavailable(`${this.model} lost the connection`);
      yield chunk;
      const place = { prompt: 0, completion: 0 };
      await runManager?.handleLLMNewToken(chunk.text, place, undefined, undefined, undefined, { chunk });
    }
  }

  /** Word by word, then what a provider sends last: the tokens it bills and the model that served. */
  private chunksFor(messages: BaseMessage[]): ChatGenerationChunk[] {
    const question = messages.findLast(({ type }) => type === "human")?.text ?? "";
    const said = this.fields.script(question, messages);
    const tokens = typeof said === "string" ? tokensOf(`(scripted) ${said}`) : [];
    const called = typeof said === "string" ? {} : { tool_call_chunks: [chunkOf(said)] };
    const input_tokens = messages.reduce((sum, { text }) => sum + tokensOf(text).length, 0);
    const output_tokens = tokens.length;
    const usage = {
      content: "",
      ...called,
      usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
      response_metadata: { model_name: this.model, finish_reason: "stop" },
    };
    return [...tokens.map((content) => ({ content })), usage].map(
      (fields) => new ChatGenerationChunk({ text: fields.content, message: new AIMessageChunk(fields) }),
    );
  }
}

function chunkOf({ tool, args }: ScriptedCall) {
  return { name: tool, args: JSON.stringify(args), id: randomUUID(), index: 0, type: "tool_call_chunk" as const };
}

function tokensOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}
