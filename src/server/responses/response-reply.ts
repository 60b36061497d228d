import type { AIMessage, UsageMetadata } from "@langchain/core/messages";
import type { Ending } from "../answer/endings.js";
import type { Thought } from "../answer/thoughts.js";
import { wholeAnswer } from "../answer/whole-answer.js";
import { orchestrationOf } from "../orchestration.js";
import type { ReplyContext, ReplyHead } from "../protocol.js";
import type { OutputItem } from "./kept-items.js";
import { callItem, messageItem, newItemId, reasoningItem, refusalPart, textPart } from "./output-items.js";
import type { ResponsesRequest } from "./responses-request.js";

/** State of a response besides what it echoes. */
export interface ResponseState {
  readonly status: "in_progress" | "completed" | "incomplete" | "failed";
  readonly output?: readonly OutputItem[];
  readonly [field: string]: unknown;
}

/** Writes a response with the fields that echo its request. */
export function responseObject({ id, created, model }: ReplyHead, request: ResponsesRequest, state: ResponseState) {
  const { instructions = null, max_output_tokens = null, metadata, parallel_tool_calls = true, user = null } = request;
  const { temperature = null, top_p = null, tool_choice = "auto", tools, text, reasoning } = request;
  return {
    ...{ id, object: "response", created_at: created, background: false, error: null, incomplete_details: null },
    ...{ instructions, max_output_tokens, max_tool_calls: null, model, output: [], parallel_tool_calls },
    previous_response_id: null,
    reasoning: { effort: reasoning?.effort ?? null, summary: null },
    store: false, // no reply can be retrieved
    ...{
      temperature,
      text: { format: { type: "text" }, ...text },
      tool_choice: tool_choice ?? "auto",
      tools: tools ?? [],
    },
    ...{ top_p, truncation: "disabled", usage: null, user, metadata: metadata ?? {} },
    ...state,
  };
}

/**
 * Converts an answer to a response of OpenAI's API.
 *
 * @throws {RequestError} when the answer is not in the requested form
 */
export function responseReply(head: ReplyHead, request: ResponsesRequest, message: AIMessage, context: ReplyContext) {
  const { thoughts, text, refusal, calls, ending } = wholeAnswer(message, context.form);
  const said = refusal === null ? (text === null ? [] : [textPart(text)]) : [refusalPart(refusal)];
  const output = [
    ...merged(thoughts).map((thought) => reasoningItem(newItemId("rs"), thought)),
    ...(said.length === 0 ? [] : [messageItem(newItemId("msg"), said)]),
    ...calls.map((call) => callItem(newItemId("fc"), call)),
  ];
  const orchestration = orchestrationOf(message, context);
  const usage = responseUsage(message.usage_metadata, orchestration);
  return responseObject(head, request, { ...endOf(ending), output, usage, orchestration });
}

/** Joins thoughts without a signature with what follows them, up to a signature. */
function merged(thoughts: readonly Thought[]): Thought[] {
  const whole: Thought[] = [];
  for (const thought of thoughts) {
    const before = whole.at(-1);
    const continues = before && before.signature === undefined && before.redacted === undefined;
    if (continues && thought.redacted === undefined) {
      whole[whole.length - 1] = { ...thought, text: before.text + thought.text };
    } else whole.push(thought);
  }
  return whole;
}

/** Returns the status of a response, and what it lacks. */
export function endOf(ending: Ending): Pick<ResponseState, "status" | "incomplete_details"> {
  if (ending === "stop" || ending === "tool_calls") return { status: "completed" };
  const reason = ending === "length" ? "max_output_tokens" : ending;
  return { status: "incomplete", incomplete_details: { reason } };
}

export function responseUsage(usage: UsageMetadata | undefined, { costUsd }: { readonly costUsd: number | null }) {
  const { input_tokens = 0, output_tokens = 0, input_token_details: input, output_token_details: output } = usage ?? {};
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: input?.cache_read ?? 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: output?.reasoning ?? 0 },
    total_tokens: input_tokens + output_tokens,
    ...(costUsd === null ? {} : { cost: costUsd }),
  };
}
