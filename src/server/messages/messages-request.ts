import { z } from "zod";
import type { ReplyStream } from "../app-options.js";
import { address, base64 } from "../request/chat-request.js";
import { anyObject, count, listOf, number, oneOf, orchestration, toolName } from "../request/schema-parts.js";

/** Mark of Anthropic's prompt cache. */
export type CacheControl = Readonly<Record<string, unknown>> | null | undefined;

export interface TextBlock {
  readonly type: "text";
  readonly text: string;
  readonly cache_control?: CacheControl;
}
interface ImageBlock {
  readonly type: "image";
  readonly source:
    | { readonly type: "base64"; readonly media_type: string; readonly data: string }
    | { readonly type: "url"; readonly url: string };
  readonly cache_control?: CacheControl;
}
interface DocumentBlock {
  readonly type: "document";
  readonly source: { readonly type: "text"; readonly data: string };
  readonly title?: string | null | undefined;
}
export type ShownBlock = TextBlock | ImageBlock | DocumentBlock;
export interface ToolResult {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content?: string | readonly ShownBlock[] | null | undefined;
  readonly is_error?: boolean | null | undefined;
}
export type ThinkingBlock =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature?: string | null | undefined }
  | { readonly type: "redacted_thinking"; readonly data: string };
export interface ToolUse {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}
export type UserBlock = ShownBlock | ToolResult;
export type AssistantBlock = TextBlock | ThinkingBlock | ToolUse;
export type MessageParam =
  | { readonly role: "user"; readonly content: string | readonly UserBlock[] }
  | { readonly role: "assistant"; readonly content: string | readonly AssistantBlock[] }
  | { readonly role: "system"; readonly content: string | readonly TextBlock[] };

export interface MessagesTool {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly input_schema: Record<string, unknown>;
  readonly strict?: boolean | null | undefined;
}

/** Supported part of Anthropic's Messages API (platform.claude.com/docs, "Create a Message"). */
export interface MessagesRequest {
  readonly model?: string | null | undefined;
  readonly messages: readonly MessageParam[];
  readonly system?: string | readonly TextBlock[] | null | undefined;
  readonly stream?: boolean | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly top_k?: number | null | undefined;
  readonly stop_sequences?: readonly string[] | null | undefined;
  readonly thinking?: { readonly type: string } | null | undefined;
  readonly tools?: readonly MessagesTool[] | null | undefined;
  readonly tool_choice?:
    | {
        readonly type: "auto" | "any" | "tool" | "none";
        readonly name?: string | undefined;
        readonly disable_parallel_tool_use?: boolean | null | undefined;
      }
    | null
    | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly output_config?: OutputConfig | null | undefined;
  readonly output_format?: OutputConfig["format"];
  readonly orchestration?: { readonly stream?: ReplyStream | null | undefined } | null | undefined;
}

interface OutputConfig {
  readonly effort?: string | null | undefined;
  readonly format?: { readonly type: "json_schema"; readonly schema: Record<string, unknown> } | null | undefined;
}

const cache_control = anyObject.nullish();
const text = z.looseObject({ type: z.literal("text"), text: z.string(), cache_control });
const source = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.literal("base64"), media_type: z.string().regex(/^image\//), data: base64 }),
    z.object({
      type: z.literal("url"),
      url: z
        .string()
        .regex(/^https?:\/\/./i)
        .pipe(address),
    }),
  ],
  oneOf('"base64"', '"url"'),
);
const image = z.looseObject({ type: z.literal("image"), source, cache_control });
const document = z.looseObject({
  type: z.literal("document"),
  source: z.looseObject({
    type: z.literal("text", { error: 'must be "text"; other documents are not supported' }),
    data: z.string(),
  }),
  title: z.string().nullish(),
});
const shown = z.discriminatedUnion("type", [text, image, document], oneOf('"text"', '"image"', '"document"'));
const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string().min(1),
  content: z.union([z.string(), listOf(shown)], { error: "must be a string or a list of blocks" }).nullish(),
  is_error: z.boolean().nullish(),
});
const block = {
  user: z.discriminatedUnion(
    "type",
    [text, image, document, toolResult],
    oneOf('"text"', '"image"', '"document"', '"tool_result"'),
  ),
  assistant: z.discriminatedUnion(
    "type",
    [
      text,
      z.looseObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string().nullish() }),
      z.looseObject({ type: z.literal("redacted_thinking"), data: z.string() }),
      z.looseObject({ type: z.literal("tool_use"), id: z.string().min(1), name: toolName, input: anyObject }),
    ],
    oneOf('"text"', '"thinking"', '"redacted_thinking"', '"tool_use"'),
  ),
};
const contentOf = <Block>(item: z.ZodType<Block>) =>
  z.union([z.string(), listOf(item)], { error: "must be a string or a list of blocks" });
const message = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.literal("user"), content: contentOf(block.user) }),
    z.looseObject({ role: z.literal("assistant"), content: contentOf(block.assistant) }),
    z.looseObject({ role: z.literal("system"), content: contentOf(text) }),
  ],
  oneOf('"user"', '"assistant"'),
);
const tool = z.looseObject({
  name: toolName,
  description: z.string().nullish(),
  input_schema: anyObject,
  strict: z.boolean().nullish(),
});
const format = z.looseObject({ type: z.literal("json_schema"), schema: anyObject }).nullish();

export const messagesShape = {
  model: z.string().nullish(),
  messages: z
    .array(z.unknown(), { error: "must be a list of messages" })
    .min(1, { error: "must have at least one message" })
    .pipe(listOf(message)),
  system: contentOf(text).nullish(),
  stream: z.boolean().nullish(),
  max_tokens: count,
  temperature: number(0, 1),
  top_p: number(0, 1),
  top_k: count,
  stop_sequences: listOf(z.string()).nullish(),
  thinking: z.looseObject({ type: z.string().min(1) }).nullish(),
  tools: listOf(tool).nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  metadata: anyObject.nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format }).nullish(),
  output_format: format,
  orchestration,
};

export const MessagesSchema: z.ZodType<MessagesRequest> = z.looseObject(messagesShape);
