import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { estimateMessages } from "../ledger/usage.js";
import type { Model, ModelEntry } from "../models/model.js";
import { modelPrompts } from "../models/model-prompts.js";
import { resolve } from "../models/resolve.js";
import { notePrompts } from "../state/note-prompts.js";
import { conversationText } from "../text/conversation-text.js";
import { tagged } from "../text/tagged.js";
import type { Context } from "./context.js";
import { splitConversation } from "./exchanges.js";
import { withoutMessages } from "./fit-window.js";
import { summaryOf } from "./summary-of.js";
import { newestWithin, tokensOf } from "./tokens.js";
import { addedMessage, transcript } from "./transcript.js";

export interface SummarizeOptions {
  /** Maximum length of the summary in tokens; what is no longer than this stays as it is. @default 500 */
  readonly maxTokens?: number;
}

/**
 * Calls a model to summarize older messages and what earlier stages wrote; keeps the user's last message word for word, and the
 * newest message or output unless it is an output longer than `maxTokens`.
 *
 * **When to use** - conversations or chains of stages outgrow the window or the budget, and early messages still matter.
 * **Gotchas** - one more call for each stage that uses it (role `summary` in the ledger), unless all of it fits into `maxTokens`. What
 * exceeds the summarizer's window is summarized in parts, at once, and then the summaries together: set `contextWindow` on its entry
 * where the client does not know it, or the first call is an overflow. If a call fails, the newest messages that fit into `maxTokens`
 * stay instead, and the newest output whole. It reads text only: older images are named, not shown.
 *
 * @example
 * ```ts
 * createPipeline({
 *   stages: { research: large, write: { model: large, context: summarizeWith(small, { maxTokens: 300 }) } },
 * });
 * ```
 * @throws {InvalidModelError} when `model` cannot answer messages
 * @throws {InvalidOptionError} when `maxTokens` is not a whole number above 0
 */
export function summarizeWith(model: Model | ModelEntry, options: SummarizeOptions = {}): Context {
  checkKeys(options, "summarizeWith", ["maxTokens"]);
  const { maxTokens = 500 } = options;
  const writer = resolve(model, "summarizeWith.model");
  const { contextWindow = Infinity } = writer;
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new InvalidOptionError("summarizeWith.maxTokens", maxTokens, "give a whole number of tokens, at least 1");
  }
  const summarize: Context = async function summarizeWith(turn) {
    const messages = transcript(turn);
    const { system, older, kept } = splitConversation(messages);
    const newest = turn.outputs.length > 0 ? kept.at(-1) : undefined;
    const isLong = newest !== undefined && tokensOf(newest) > maxTokens;
    const long = isLong ? [...older, newest] : older;
    if (estimateMessages(long.flat()) <= maxTokens) return messages;
    const text = conversationText(long.flat());
    const summary = await summaryOf(text, { model, contextWindow, maxTokens, ask: turn.ask });
    const rest = isLong ? kept.slice(0, -1) : kept;
    if (summary !== undefined) return [...system, addedMessage(tagged("summary", summary)), ...rest.flat()];
    const recent = newestWithin(older, maxTokens);
    return withoutMessages(messages, older.slice(0, older.length - recent.length).flat());
  };
  return notePrompts(summarize, modelPrompts(writer, "summarizeWith.model"));
}
