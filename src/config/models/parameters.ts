import { z } from "zod";
import { RunParameters } from "../../state/run-context.js";
import { count, fields, oneOf, share, text } from "../rows/fields.js";

const number = z.number();
const whole = z.number().int();

/** Parameters with one name for every provider; `providers` lists which provider accepts which. */
const shape = {
  temperature: number.min(0).max(2).optional(),
  maxTokens: count.optional().describe("Maximum tokens of an answer"),
  topP: share.optional(),
  topK: count.optional(),
  minP: share.optional(),
  typicalP: share.optional(),
  seed: whole.optional(),
  stop: z.array(text).optional().describe("Texts that end an answer"),
  frequencyPenalty: number.min(-2).max(2).optional(),
  presencePenalty: number.min(-2).max(2).optional(),
  repetitionPenalty: number.positive().optional().describe("For local servers; 1 is no penalty"),
  repeatLastN: whole.optional().describe("For ollama: number of last tokens that are penalized"),
  numCtx: count.optional().describe("For ollama: context window in tokens"),
  numGpu: whole.optional().describe("For ollama: layers on the GPU"),
  numThread: count.optional().describe("For ollama"),
  numBatch: count.optional().describe("For ollama"),
  mirostat: z.literal([0, 1, 2]).optional().describe("For ollama"),
  keepAlive: oneOf("write a time (5m) or seconds", [
    z.string().regex(/[a-z]$/, "is not a duration; write 5m, or seconds"),
    number,
  ])
    .optional()
    .describe("For ollama: how long the model stays loaded"),
  logprobs: z.boolean().optional(),
  topLogprobs: whole.min(0).max(20).optional(),
  reasoningEffort: z
    .enum(["none", "minimal", "low", "medium", "high", "xhigh"])
    .optional()
    .describe("For OpenAI's API"),
  verbosity: z.enum(["low", "medium", "high"]).optional().describe("For OpenAI's API"),
  thinking: oneOf("write true or false, or an object as Anthropic documents it", [
    z.boolean(),
    z.record(z.string(), z.unknown()),
  ])
    .optional()
    .describe("For anthropic, an object ({ type: enabled, budget_tokens: 2000 }); for ollama, true or false"),
};

export const Parameters = fields(shape).meta({ id: "Parameters" });
export type Parameters = z.infer<typeof Parameters>;

const ofRuns = Object.keys(RunParameters.shape) as readonly (keyof RunParameters)[];

/** Parameters of a task: those a run can have, whichever provider answers. */
export const TaskParameters = fields(
  Object.fromEntries(ofRuns.map((name) => [name, shape[name]])) as Pick<typeof shape, keyof RunParameters>,
);
export type ParameterName = keyof Parameters;
export const parameterNames = Object.keys(shape) as readonly ParameterName[];

/** Other systems' names for our parameters. */
const otherNames: Readonly<Record<string, ParameterName>> = {
  max_output_tokens: "maxTokens",
  max_completion_tokens: "maxTokens",
  max_new_tokens: "maxTokens",
  num_predict: "maxTokens",
  stop_sequences: "stop",
  repeat_penalty: "repetitionPenalty",
  think: "thinking",
};

/** Returns our name for another system's parameter (`top_p`). */
export function parameterNamed(name: string): ParameterName | undefined {
  const plain = name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = plain.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const ours = Object.hasOwn(otherNames, plain) ? otherNames[plain] : camel;
  return parameterNames.find((each) => each === ours);
}
