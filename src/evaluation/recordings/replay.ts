import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError, RecordingMissError } from "../../errors/index.js";
import { didYouMean } from "../../text/nearest-name.js";
import { lastText, nearestRecording } from "./nearest.js";
import { type RecordedCall, toAnswer, toError } from "./recorded-call.js";
import { openRecordings, type RecordingIndex } from "./recording-index.js";
import { questionKey, requestKey } from "./request-key.js";

/** Options of `replay`. */
export interface ReplayOptions {
  /** Name of the model in the file. @default the only one */
  readonly model?: string;
  /** How fast answers come, compared with the recorded times: 1 waits as long, 10 a tenth. @default no wait */
  readonly speed?: number;
}

interface ReplayCallOptions extends BaseChatModelCallOptions {
  readonly tools?: BindToolsInput[];
}

/** Misses of one model that read the whole file for the nearest recording. */
const mostSearches = 5;

/** A chat model that answers from a file. */
export class ReplayedModel extends BaseChatModel<ReplayCallOptions> {
  /** Id of the model, by which its price is looked up. */
  readonly model: string;
  private readonly turns = new Map<string, number>();
  private searches = 0;

  constructor(
    private readonly index: RecordingIndex,
    model: string,
    private readonly speed: number | undefined,
  ) {
    super({});
    this.model = model;
  }

  override _llmType(): string {
    return "replay";
  }

  override bindTools(tools: BindToolsInput[], options: Partial<ReplayCallOptions> = {}) {
    return this.withConfig({ ...options, tools });
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const call = this.find(messages, options);
    await this.wait(call.latencyMs, options);
    if (call.error !== undefined) throw toError(call);
    const message = toAnswer(call);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const call = this.find(messages, options);
    const { text, latencyMs = 0, firstTokenMs = latencyMs } = call;
    await this.wait(firstTokenMs, options);
    for (const piece of call.content === undefined ? piecesOf(text) : []) {
      const chunk = new ChatGenerationChunk({ text: piece, message: new AIMessageChunk(piece) });
      yield chunk;
      await runManager?.handleLLMNewToken(piece, undefined, undefined, undefined, undefined, { chunk });
    }
    await this.wait(latencyMs - firstTokenMs, options);
    if (call.error !== undefined) throw toError(call);
    yield new ChatGenerationChunk({ text: "", message: lastChunk(toAnswer(call), call.content !== undefined) });
  }

  /**
   * Finds the answer to a request; of several equal requests, each gets the next.
   *
   * @throws {RecordingMissError} without one
   */
  private find(messages: readonly BaseMessage[], options: object): RecordedCall {
    const question = questionKey(messages);
    const found = this.index.answer([requestKey(messages, options), question], this.model, (key) => {
      const turn = this.turns.get(key) ?? 0;
      this.turns.set(key, turn + 1);
      return turn;
    });
    if (found !== undefined) return found;
    const { file } = this.index;
    const asked = lastText(messages);
    const nearest = this.searches++ < mostSearches ? nearestRecording(file, this.model, asked) : undefined;
    throw new RecordingMissError({ file, model: this.model, asked, ...(nearest !== undefined && { nearest }) });
  }

  private async wait(
    recordedMs: number | undefined,
    { signal }: { readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    signal?.throwIfAborted();
    if (this.speed === undefined || !(recordedMs! > 0)) return;
    const { setTimeout: wait } = await import("node:timers/promises");
    await wait(recordedMs! / this.speed, undefined, { ...(signal && { signal }) });
  }
}

/**
 * Makes a chat model that answers from a file of recordings, with the recorded usage, tool calls and errors; streamed or not.
 *
 * **When to use** - tests, demonstrations and evaluations without keys, network and cost.
 * **Gotchas** - a call is found by what its messages say and by the names of its tools, not by sampling settings. A line with the answers
 * of several models (`recordModels`) is found by its question, whatever the system prompt. Equal requests get their recordings in turn,
 * and from the first again. Costs come from prices: the id of the model must be known, or the entry has a `price`. Latencies are those of
 * the file only with `speed`. The file is indexed once and read answer by answer: 100,000 take a few dozen MB.
 *
 * @param file JSONL file of `record`, of `recordModels`, or of `Recording` lines from elsewhere
 * @example
 * ```ts
 * import { record, replay } from "langgraph-multimodel/evaluation";
 * await record(small, "replayed.jsonl", { name: "gpt-4o-mini" }).invoke("What is 3 * 6?");
 * const model = replay("replayed.jsonl", { model: "gpt-4o-mini" });
 * const { text, usage_metadata } = await model.invoke("What is 3 * 6?");
 * ```
 * @throws {InvalidOptionError} when there is no such file, it holds no recording, or none of this model
 * @throws {RecordingMissError} at a call that was not recorded; it names the nearest recording
 */
export function replay(file: string, options: ReplayOptions = {}): ReplayedModel {
  checkKeys(options, "replay", ["model", "speed"]);
  const { model, speed } = options;
  if (speed !== undefined && !(speed > 0)) throw new InvalidOptionError("replay.speed", speed, "give a number above 0");
  if (typeof file !== "string") throw new InvalidOptionError("replay.file", file, "give the path of a JSONL file");
  const index = openRecordings(file);
  const names = [...index.names];
  if (model === undefined && names.length > 1) {
    throw new InvalidOptionError("replay.model", model, `name one of ${names.join(", ")}`);
  }
  if (model !== undefined && !index.names.has(model)) {
    throw new InvalidOptionError("replay.model", model, `${file} has ${names.join(", ")}${didYouMean(model, names)}`);
  }
  return new ReplayedModel(index, model ?? names[0]!, speed);
}

/** Splits a text before its white space, as tokens are. */
const piecesOf = (text: string) => text.match(/\s*\S+|\s+$/g) ?? [];

/** Makes the end of a stream: what is no text, and the content of an answer that is more than text. */
function lastChunk(answer: AIMessage, isWhole: boolean): AIMessageChunk {
  const { content, tool_calls = [], response_metadata, usage_metadata } = answer;
  return new AIMessageChunk({
    content: isWhole ? content : "",
    tool_call_chunks: tool_calls.map(({ name, args, id }, index) => ({
      ...{ name, args: JSON.stringify(args), index, type: "tool_call_chunk" as const },
      ...(id !== undefined && { id }),
    })),
    response_metadata,
    ...(usage_metadata && { usage_metadata }),
  });
}
