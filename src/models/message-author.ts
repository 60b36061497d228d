import type { AIMessage } from "@langchain/core/messages";
import type { HistoryRules } from "./history-rules.js";

/** A client that is sent a conversation. */
export interface HistoryReader {
  readonly history: HistoryRules;
  /** Its provider and endpoint. */
  readonly providerAddress: string | undefined;
}

/** Whether a client's own provider wrote an answer; `unknown` for one written by hand, or sent in from outside. */
export type Authorship = "own" | "foreign" | "unknown";

/** `model_provider` of messages by clients of known kinds. */
const knownWriters: ReadonlySet<string> = new Set(["openai", "azure", "anthropic", "google-genai", "ollama"]);

export function authorship(message: AIMessage, { history, providerAddress }: HistoryReader): Authorship {
  const { served_by: server } = message.response_metadata as { readonly served_by?: unknown };
  const writer = writerOf(message);
  if (history.writers === undefined) return writer !== undefined && knownWriters.has(writer) ? "foreign" : "own";
  if (history.serversDiffer && typeof server === "string" && providerAddress !== undefined) {
    return server === providerAddress ? "own" : "foreign";
  }
  if (writer === undefined) return "unknown";
  return history.writers.includes(writer) ? "own" : "foreign";
}

/** Reads who wrote an answer; Gemini's streams do not say it (google-genai 2.3.2), and servers hand messages on without. */
function writerOf({ content, additional_kwargs: kept, response_metadata: facts }: AIMessage): string | undefined {
  if (typeof facts.model_provider === "string") return facts.model_provider;
  if (signatures in kept) return "google-genai";
  if (Array.isArray(facts.output) || kept.reasoning !== undefined) return "openai";
  const types = new Set(typeof content === "string" ? [] : content.map(({ type }) => String(type)));
  if (types.has("functionCall")) return "google-genai";
  return types.has("tool_use") || types.has("redacted_thinking") ? "anthropic" : undefined;
}

/** Where Gemini's client keeps thought signatures. */
const signatures = "__gemini_function_call_thought_signatures__";

/** Notes on an answer which server wrote it, if it holds thoughts that only that server can read. */
export function withServer(message: AIMessage, { history, providerAddress }: HistoryReader): AIMessage {
  const { content, additional_kwargs: kept, response_metadata: facts } = message;
  const bound = kept.reasoning ?? kept.reasoning_content ?? facts.output;
  const blocks = typeof content !== "string" && content.some(({ type }) => type === "reasoning");
  if (!history.serversDiffer || providerAddress === undefined || (!bound && !blocks)) return message;
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, {
    response_metadata: { ...facts, served_by: providerAddress },
  });
}
