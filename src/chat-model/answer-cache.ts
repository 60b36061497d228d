import { BaseCache } from "@langchain/core/caches";
import { AIMessage } from "@langchain/core/messages";
import type { ChatGeneration, Generation } from "@langchain/core/outputs";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isSerializableSchema } from "@langchain/core/utils/standard_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { copyMessage } from "../calls/answer.js";
import { isSerializable } from "../langgraph/constructor-fields.js";
import { toHex } from "../text/bytes.js";
import { digest } from "../text/digest.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";

/** Makes a cache key from everything but the messages that an answer depends on. */
export function answerKey(owner: string, parameters: object): string {
  const text = JSON.stringify(parameters, (_key, value: unknown) => plain(value));
  return toHex(digest(`${owner}\n${text}`));
}

/** Marks cached answers with `cached: true` and zero cost. */
export class AnswerCache extends BaseCache {
  constructor(private readonly kept: BaseCache) {
    super();
  }

  override async lookup(prompt: string, key: string): Promise<Generation[] | null> {
    const found = await this.kept.lookup(prompt, key);
    return found === null ? null : found.map((generation) => asHit(generation as ChatGeneration));
  }

  override update(prompt: string, key: string, answers: Generation[]): Promise<void> {
    return this.kept.update(prompt, key, answers);
  }
}

/** Reduces tools and schemas to what is sent to a model. */
function plain(value: unknown): unknown {
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (isInteropZodSchema(value) || isSerializableSchema(value)) return toJsonSchema(value);
  if (!isSerializable(value)) return value;
  const { name, description, schema } = value as Readonly<Record<string, unknown>>;
  return { name, description, schema };
}

function asHit(generation: ChatGeneration): ChatGeneration {
  const { message } = generation;
  if (!AIMessage.isInstance(message)) return generation;
  const orchestration = { ...orchestrationOf(message), costUsd: 0, cached: true };
  const copy = copyMessage(message, { response_metadata: { ...message.response_metadata, orchestration } });
  return { ...generation, message: copy };
}
