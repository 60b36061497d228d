/** A real chat model whose answers are recorded: see `data/README.md` for what was recorded, and where. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelParams,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  type ResponseMetadata,
  type UsageMetadata,
} from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import {
  loadRecordedAnswers,
  type RecordedAnswer,
  type RecordedAnswers,
  type RecordedModel,
} from "./recorded-answers.js";

const NO_NUMBER = "I found no final number.";

/**
 * The message that asks a {@link ReplayModel} one question. The texts of the questions are not in this repository,
 * so a question is named by its number in the GSM8K test set (0-based).
 */
export function questionPrompt(number: number): string {
  return `GSM8K test question #${number}`;
}

/** Thrown when nothing is recorded for what a {@link ReplayModel} is asked. */
export class RecordingMissError extends Error {
  override readonly name = "RecordingMissError";
  readonly model: string;
  /** The number asked for; undefined where the message names none. */
  readonly question: number | undefined;

  constructor(model: string, question: number | undefined, reason: string) {
    super(`${model} has no recorded answer: ${reason}`);
    this.model = model;
    this.question = question;
  }
}

/** Options of {@link ReplayModel}. */
export interface ReplayModelOptions extends BaseChatModelParams {
  /** Id of a recorded model, as in `data/gsm8k-answers.json`. */
  readonly model: string;
  /**
   * Where the answers come from.
   * @default loadRecordedAnswers()
   */
  readonly recorded?: RecordedAnswers;
}

/**
 * Answers GSM8K test questions from recordings, with the recorded token counts as usage.
 *
 * **Gotchas**: a question is named by number ({@link questionPrompt}), it does not read a question's text; a model
 * asked twice gives the same answer twice; latency was not recorded, an answer comes at once.
 *
 * @example
 * const model = new ReplayModel({ model: "gpt-4o-2024-08-06" });
 * (await model.invoke(questionPrompt(0))).text; // "#### 18"
 *
 * @throws RecordingMissError for an unknown model (at construction) and an unknown question (when asked).
 */
export class ReplayModel extends BaseChatModel {
  readonly model: string;
  private readonly recorded: RecordedAnswers;
  private readonly about: RecordedModel;

  static override lc_name(): string {
    return "ReplayModel";
  }

  constructor(options: ReplayModelOptions) {
    super(options);
    this.model = options.model;
    this.recorded = options.recorded ?? loadRecordedAnswers();
    const about = this.recorded.models.get(options.model);
    if (!about) {
      const available = [...this.recorded.models.keys()].join(", ");
      throw new RecordingMissError(options.model, undefined, `the recorded models are ${available}.`);
    }
    this.about = about;
  }

  override _llmType(): string {
    return "replay";
  }

  /** Keeps the answers of two models apart in a cache. */
  override _identifyingParams(): { model: string } {
    return { model: this.model };
  }

  override invocationParams(): { model: string } {
    return { model: this.model };
  }

  /** The provider is the maker of the recorded model; that the answer is a recording is said by `ls_integration`. */
  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    return {
      ...super.getLsParams(options),
      ls_provider: this.about.vendor,
      ls_model_name: this.model,
      ls_integration: "replay",
    };
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const answer = this.find(messages);
    const text = toReply(answer).join("");
    const usage = toUsage(answer);
    const message = new AIMessage({
      content: text,
      usage_metadata: usage,
      response_metadata: this.responseMetadata(),
    });
    const tokenUsage = {
      promptTokens: usage.input_tokens,
      completionTokens: usage.output_tokens,
      totalTokens: usage.total_tokens,
    };
    return { generations: [{ text, message }], llmOutput: { tokenUsage } };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    options.signal?.throwIfAborted();
    const answer = this.find(messages);
    const last = new AIMessageChunk({
      content: "",
      usage_metadata: toUsage(answer),
      response_metadata: this.responseMetadata(),
    });
    for (const message of [...toReply(answer).map((text) => new AIMessageChunk(text)), last]) {
      options.signal?.throwIfAborted();
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  private find(messages: readonly BaseMessage[]): RecordedAnswer {
    const asked = messages.findLast((message) => HumanMessage.isInstance(message))?.text ?? "";
    const numbers = new Set([...asked.matchAll(/\bGSM8K test question #(\d+)/g)].map(([, digits]) => Number(digits)));
    const [number] = numbers;
    if (number === undefined || numbers.size > 1) {
      throw new RecordingMissError(
        this.model,
        undefined,
        `the last human message must name one question, as "${questionPrompt(17)}"; it names ${numbers.size}.`,
      );
    }
    const answer = this.recorded.questions.get(number)?.answers.get(this.model);
    if (!answer) {
      const { size } = this.recorded.questions;
      throw new RecordingMissError(this.model, number, `question #${number} is not one of the ${size} recorded ones.`);
    }
    return answer;
  }

  private responseMetadata(): ResponseMetadata {
    return { model_name: this.model, finish_reason: "stop", recorded: true, recorded_by: this.about.origin };
  }
}

/** The reply in the pieces in which it streams. */
function toReply({ answer }: RecordedAnswer): string[] {
  return answer === null ? [NO_NUMBER] : ["#### ", answer];
}

function toUsage({ inputTokens, outputTokens }: RecordedAnswer): UsageMetadata {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
