import { z } from "zod";
import { count, fields, oneOf, share, text } from "../rows/fields.js";

const number = z.number();
const whole = z.number().int();

/** Parameters a file can set, under one name for every provider; which provider has which is in `providers`. */
const shape = {
  temperature: number.min(0).max(2).optional(),
  maxTokens: count.optional().describe("Tokens of an answer"),
  topP: share.optional(),
  topK: count.optional(),
  minP: share.optional(),
  typicalP: share.optional(),
  seed: whole.optional(),
  stop: z.array(text).optional().describe("Texts that end an answer"),
  frequencyPenalty: number.min(-2).max(2).optional(),
  presencePenalty: number.min(-2).max(2).optional(),
  repetitionPenalty: number.positive().optional().describe("Of local servers; 1 is none"),
  repeatLastN: whole.optional().describe("Of ollama: tokens the penalty looks back on"),
  numCtx: count.optional().describe("Of ollama: tokens of its context window"),
  numGpu: whole.optional().describe("Of ollama: layers on the GPU"),
  numThread: count.optional().describe("Of ollama"),
  numBatch: count.optional().describe("Of ollama"),
  mirostat: z.literal([0, 1, 2]).optional().describe("Of ollama"),
  keepAlive: oneOf("write a time (5m) or seconds", [
    z.string().regex(/[a-z]$/, "is no time; write 5m, or seconds"),
    number,
  ])
    .optional()
    .describe("Of ollama: how long the model stays loaded"),
  logprobs: z.boolean().optional(),
  topLogprobs: whole.min(0).max(20).optional(),
  reasoningEffort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).optional().describe("Of OpenAI's API"),
  verbosity: z.enum(["low", "medium", "high"]).optional().describe("Of OpenAI's API"),
  thinking: oneOf("write true or false, or an object as Anthropic documents it", [
    z.boolean(),
    z.record(z.string(), z.unknown()),
  ])
    .optional()
    .describe("Of anthropic an object ({ type: enabled, budget_tokens: 2000 }), of ollama true or false"),
};

export const Parameters = fields(shape).meta({ id: "Parameters" });
export type Parameters = z.infer<typeof Parameters>;
export type ParameterName = keyof Parameters;
export const parameterNames = Object.keys(shape) as readonly ParameterName[];

/** Names other systems have for them. */
const otherNames: Readonly<Record<string, ParameterName>> = {
  max_output_tokens: "maxTokens",
  max_completion_tokens: "maxTokens",
  max_new_tokens: "maxTokens",
  num_predict: "maxTokens",
  stop_sequences: "stop",
  repeat_penalty: "repetitionPenalty",
  think: "thinking",
};

/** Our name of a parameter as another system spells it (`top_p`), if it is one. */
export function parameterNamed(name: string): ParameterName | undefined {
  const plain = name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = plain.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const ours = Object.hasOwn(otherNames, plain) ? otherNames[plain] : camel;
  return parameterNames.find((each) => each === ours);
}
