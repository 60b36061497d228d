import { z } from "zod";
import { count, listOf, number, oneOf, orchestration, textByName } from "./schema-parts.js";

/** Matches base64; clients throw an error of their own for anything else. */
export const base64 = z.string().regex(/^[\w+/=\s-]+$/, { error: "must be base64" });
/** An address that a client can read; it would throw an error of its own. */
export const address = z
  .string()
  .refine((url) => /^data:/i.test(url) || URL.canParse(url), { error: "must be an http URL" });
export const imageUrl = z
  .string()
  .regex(/^(https?:\/\/.|gs:\/\/.|data:image\/[\w.+-]+;base64,[\w+/=\s-]+$)/i, {
    error: "must be an http URL or data:image/…;base64,…",
  })
  .pipe(address);
const part = {
  text: z.looseObject({ type: z.literal("text"), text: z.string() }),
  image: z.looseObject({
    type: z.literal("image_url"),
    image_url: z.object({ url: imageUrl, detail: z.string().nullish() }),
  }),
  refusal: z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
};
const texts = z.union([z.string(), listOf(part.text)], { error: "must be a string or a list of text parts" });
const shown = z.union(
  [z.string(), listOf(z.discriminatedUnion("type", [part.text, part.image], oneOf('"text"', '"image_url"')))],
  { error: 'must be a string or a list of parts of type "text" or "image_url"' },
);
const said = z.union(
  [z.string(), listOf(z.discriminatedUnion("type", [part.text, part.refusal], oneOf('"text"', '"refusal"')))],
  { error: "must be a string or a list of text parts" },
);

const name = z.string().nullish();
const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal("function", { error: 'must be "function"' }).optional(),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});
const assistant = z
  .looseObject({
    role: z.literal("assistant"),
    content: said.nullish(),
    refusal: z.string().nullish(),
    /** Reasoning of the model; DeepSeek's API requires it back during tool calls. */
    reasoning_content: z.string().nullish(),
    name,
    tool_calls: listOf(toolCall).nullish(),
    function_call: z.null({ error: "is not supported; use tool_calls" }).optional(),
  })
  .refine(({ content, refusal, tool_calls }) => content != null || refusal != null || tool_calls != null, {
    path: ["content"],
    error: "is missing; give content or tool_calls",
  });

const message = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.enum(["system", "developer"]), content: texts, name }),
    z.looseObject({ role: z.literal("user"), content: shown, name }),
    assistant,
    z.looseObject({ role: z.literal("tool"), content: texts, tool_call_id: z.string().min(1) }),
  ],
  {
    error: ({ input }) => {
      const roles = '"system", "developer", "user", "assistant" or "tool"';
      return typeof input !== "object" || input === null
        ? `must be an object with a role: ${roles}`
        : `must be ${roles}`;
    },
  },
);
export type RequestMessage = z.infer<typeof message>;

const functionTool = z.object({
  type: z.literal("function", { error: 'must be "function"' }),
  function: z.looseObject({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});

const format = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.enum(["text", "json_object"]) }),
    z.object({
      type: z.literal("json_schema"),
      json_schema: z.looseObject({
        name: z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "_" and "-"' }),
        description: z.string().nullish(),
        schema: z.record(z.string(), z.unknown()),
        strict: z.boolean().nullish(),
      }),
    }),
  ],
  { error: 'must be "text", "json_object" or "json_schema"' },
);
export type ResponseFormat = z.infer<typeof format>;

const choice = z.union(
  [
    z.enum(["auto", "none", "required"]),
    z.object({ type: z.literal("function"), function: z.object({ name: z.string().min(1) }) }),
  ],
  { error: 'must be "auto", "none", "required" or { type: "function", function: { name } }' },
);

/** Supported part of OpenAI's chat completions API (developers.openai.com/api/reference, "Create chat completion"). */
export const ChatRequest = z.looseObject({
  model: z.string().min(1).nullish(),
  messages: z
    .array(z.unknown(), { error: "must be a list of messages" })
    .min(1, { error: "must have at least one message" })
    .pipe(listOf(message)),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: listOf(functionTool).nullish(),
  tool_choice: choice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: format.nullish(),
  temperature: number(0, 2),
  top_p: number(0, 1),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  max_tokens: count,
  max_completion_tokens: count,
  stop: z
    .union([z.string(), z.array(z.string()).max(4)], { error: "must be a string or a list of at most 4" })
    .nullish(),
  seed: z.number().int().nullish(),
  reasoning_effort: z.string().min(1).nullish(),
  user: z.string().nullish(),
  metadata: textByName.nullish(),
  orchestration,
});
export type ChatRequest = z.infer<typeof ChatRequest>;
