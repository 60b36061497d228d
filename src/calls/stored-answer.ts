import type { AIMessage } from "@langchain/core/messages";
import type { ModelCall } from "../ledger/model-call.js";
import { type Answer, isCutShort } from "./answer.js";

/** Fields of a message that make the answer; its id and its usage belong to the call that was paid for. */
export type StoredMessage = Pick<AIMessage, "content" | "additional_kwargs" | "response_metadata"> &
  Partial<Pick<AIMessage, "name" | "tool_calls">>;

/** An answer as a cache keeps it. */
export interface StoredAnswer {
  readonly message: StoredMessage;
  readonly paidOnce?: ModelCall["paidOnce"];
}

/** Keys of `response_metadata` that report tokens; the hit has none. */
const usageKeys: ReadonlySet<string> = new Set(["usage", "tokenUsage", "estimatedTokenUsage", "usage_metadata"]);

/** Writes an answer for a cache; `undefined` if it is not complete. */
export function storedAnswer({ message, call }: Answer): string | undefined {
  const { content, name, tool_calls, invalid_tool_calls = [], additional_kwargs, response_metadata } = message;
  if (isCutShort(message) || invalid_tool_calls.length > 0 || call?.status !== "ok") return undefined;
  const about = Object.entries(response_metadata).filter(([key]) => !usageKeys.has(key));
  const { usage, costUsd } = call;
  const kept: StoredAnswer = {
    message: { content, name, tool_calls, additional_kwargs, response_metadata: Object.fromEntries(about) },
    ...(usage && { paidOnce: { usage, costUsd } }),
  };
  try {
    return JSON.stringify(kept);
  } catch {
    return undefined; // content that is no JSON
  }
}

/** Reads an answer of a cache, with new ids for its tool calls, since providers refuse one id twice; `undefined` for any other value. */
export function readStored(text: string): StoredAnswer | undefined {
  try {
    const { tool_calls = [] } = (JSON.parse(text) as StoredAnswer).message;
    const renamed = tool_calls.reduce(
      (all, { id }) => (id ? all.replaceAll(JSON.stringify(id), JSON.stringify(renewed(id))) : all),
      text,
    );
    return JSON.parse(renamed) as StoredAnswer;
  } catch {
    return undefined; // another program wrote it
  }
}

/** Replaces the last letters and digits of an id by random ones: its form is the provider's. */
function renewed(id: string): string {
  const fresh = crypto.randomUUID().replaceAll("-", "");
  const from = Math.max(0, id.length - 9);
  const end = id.slice(from).replace(/[A-Za-z0-9]/g, (_, at: number) => fresh[at]!);
  return `${id.slice(0, from)}${end}`;
}
