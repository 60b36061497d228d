import { z } from "zod";
import type { ReplyStream } from "../app-options.js";
import { imageUrl } from "../request/chat-request.js";
import {
  anyObject,
  count,
  listOf,
  number,
  oneOf,
  orchestration,
  textByName,
  toolName,
} from "../request/schema-parts.js";

export type ContentPart =
  | { readonly type: "input_text" | "output_text" | "text"; readonly text: string }
  | { readonly type: "input_image"; readonly image_url: string; readonly detail?: string | null | undefined }
  | { readonly type: "refusal"; readonly refusal: string };
type Content = string | readonly ContentPart[];

/** An item of the conversation. */
export type InputItem =
  | {
      readonly type: "message";
      readonly role: "user" | "system" | "developer" | "assistant";
      readonly content: Content;
    }
  | { readonly type: "function_call"; readonly call_id: string; readonly name: string; readonly arguments: string }
  | { readonly type: "function_call_output"; readonly call_id: string; readonly output: Content }
  | {
      readonly type: "reasoning";
      readonly summary?: readonly { readonly text: string }[] | null | undefined;
      readonly encrypted_content?: string | null | undefined;
    };

/** A tool of the caller's own, or one that OpenAI's servers run. */
export interface ResponsesTool {
  readonly type: string;
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly parameters?: Record<string, unknown> | null | undefined;
  readonly strict?: boolean | null | undefined;
}

export type TextFormat =
  | { readonly type: "text" | "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly description?: string | null | undefined;
      readonly schema: Record<string, unknown>;
      readonly strict?: boolean | null | undefined;
    };

/** Supported part of OpenAI's Responses API (developers.openai.com/api/reference, "Create a model response"). */
export interface ResponsesRequest {
  readonly model?: string | null | undefined;
  readonly input: string | readonly InputItem[];
  readonly instructions?: string | null | undefined;
  readonly stream?: boolean | null | undefined;
  readonly store?: boolean | null | undefined;
  readonly tools?: readonly ResponsesTool[] | null | undefined;
  readonly tool_choice?:
    | "auto"
    | "none"
    | "required"
    | { readonly type: string; readonly name?: string | undefined }
    | null
    | undefined;
  readonly parallel_tool_calls?: boolean | null | undefined;
  readonly text?: { readonly format?: TextFormat | null | undefined } | null | undefined;
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly max_output_tokens?: number | null | undefined;
  readonly reasoning?: { readonly effort?: string | null | undefined } | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly user?: string | null | undefined;
  readonly include?: readonly string[] | null | undefined;
  readonly orchestration?: { readonly stream?: ReplyStream | null | undefined } | null | undefined;
}

const part = z.discriminatedUnion(
  "type",
  [
    z.looseObject({ type: z.enum(["input_text", "output_text", "text"]), text: z.string() }),
    z.looseObject({ type: z.literal("input_image"), image_url: imageUrl, detail: z.string().nullish() }),
    z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
  ],
  oneOf('"input_text"', '"output_text"', '"input_image"', '"refusal"'),
);
const content = z.union([z.string(), listOf(part)], { error: "must be a string or a list of parts" });
const item = z.discriminatedUnion(
  "type",
  [
    z.looseObject({
      type: z.literal("message"),
      role: z.enum(["user", "system", "developer", "assistant"]),
      content,
    }),
    z.looseObject({
      type: z.literal("function_call"),
      call_id: z.string().min(1),
      name: toolName,
      arguments: z.string(),
    }),
    z.looseObject({ type: z.literal("function_call_output"), call_id: z.string().min(1), output: content }),
    z.looseObject({
      type: z.literal("reasoning"),
      summary: listOf(z.looseObject({ text: z.string() })).nullish(),
      encrypted_content: z.string().nullish(),
    }),
  ],
  oneOf('"message"', '"function_call"', '"function_call_output"', '"reasoning"', '"item_reference"'),
);
const format = z.discriminatedUnion(
  "type",
  [
    z.looseObject({ type: z.enum(["text", "json_object"]) }),
    z.looseObject({
      type: z.literal("json_schema"),
      name: z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "_" and "-"' }),
      description: z.string().nullish(),
      schema: anyObject,
      strict: z.boolean().nullish(),
    }),
  ],
  oneOf('"text"', '"json_object"', '"json_schema"'),
);

export const responsesShape = {
  model: z.string().nullish(),
  input: z.union(
    [z.string(), z.array(z.unknown()).min(1, { error: "must have at least one item" }).pipe(listOf(item))],
    {
      error: "must be a string or a list of items",
    },
  ),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  tools: listOf(
    z.looseObject({
      type: z.string().min(1),
      name: toolName.optional(),
      description: z.string().nullish(),
      parameters: anyObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  ).nullish(),
  tool_choice: z
    .union([z.enum(["auto", "none", "required"]), z.looseObject({ type: z.string(), name: z.string().optional() })], {
      error: 'must be "auto", "none", "required" or { type: "function", name }',
    })
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.looseObject({ format: format.nullish() }).nullish(),
  temperature: number(0, 2),
  top_p: number(0, 1),
  max_output_tokens: count,
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  metadata: textByName.nullish(),
  user: z.string().nullish(),
  include: listOf(z.string()).nullish(),
  orchestration,
};

export const ResponsesSchema: z.ZodType<ResponsesRequest> = z.looseObject(responsesShape);
