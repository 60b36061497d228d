import { z } from "zod";
import { listOf, nameOf, optional, setOf } from "../rows/field.js";
import { count, fields, milliseconds, oneOf, pause, text } from "../rows/fields.js";
import { Parameters } from "./parameters.js";
import { providerCalled, providerNames } from "./providers.js";

function otherProvider(given: unknown): string | undefined {
  const name = typeof given === "string" ? providerCalled(given.toLowerCase()) : undefined;
  return name && `write ${name}`;
}

const usd = z.number().nonnegative();

/** One model of a file: how to reach it, and what is known about it. */
export const model = setOf({
  provider: z.enum(providerNames, { error: ({ input }) => otherProvider(input) }).describe("Who serves it"),
  model: text.optional().describe("The provider's id of the model; of azure the deployment"),
  baseUrl: text.optional().describe("Where it is served, when not by the provider itself: http://localhost:8000/v1"),
  apiKey: text.optional().describe(`A variable of the environment: \${NAME}; default: the provider's usual one`),
  apiVersion: text.optional().describe("Of azure; default: 2024-10-21"),
  deployment: text.optional().describe("Of azure; default: model"),
  project: text.optional().describe("Of google-vertexai: the id of the project"),
  location: text.optional().describe("Of google-vertexai: europe-west4"),
  credentials: fields({ clientEmail: text, privateKey: text })
    .optional()
    .describe("Of google-vertexai: a service account; default: application default credentials"),
  headers: z.record(z.string(), z.string()).optional().describe("Sent with every request"),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Put into every request as it is, where the API has parameters of its own"),
  description: text.optional().describe("What it is good at, in a sentence: classifiers and judges read it"),
  systemPrompt: text.optional().describe("Put before every conversation"),
  prompt: optional(nameOf("prompt", text.describe("The same by name: a key of prompts"))),
  parameters: Parameters.optional(),
  price: fields({
    input: usd,
    output: usd,
    cacheRead: usd.optional(),
    cacheWrite: usd.optional(),
    audioInput: usd.optional(),
    audioOutput: usd.optional(),
  })
    .nullable()
    .optional()
    .describe("USD per million tokens; default: the catalogue's, by model id"),
  contextWindow: count.optional().describe("Tokens; default: the catalogue's"),
  capabilities: z
    .array(z.enum(["vision", "tools", "json", "audio"]))
    .optional()
    .describe("Default: the catalogue's"),
  timeout: milliseconds.optional().describe("Milliseconds for one attempt"),
  firstTokenTimeout: milliseconds.optional().describe("Milliseconds until the first token"),
  finishReason: z.boolean().optional().describe("false: its streams never name a finish reason; default: they do"),
  retry: oneOf("write false, or { maxRetries: 2, backoff: [500, 1000] }", [
    z.literal(false),
    fields({
      maxRetries: z.number().int().nonnegative().optional(),
      backoff: z.array(pause).min(1).optional().describe("Milliseconds before each retry"),
    }),
  ]).optional(),
  coolDown: fields({ maxMs: pause.optional().describe("Milliseconds at most; 0: never; default: 300000") })
    .optional()
    .describe("How long it is passed over after a rate limit or a Retry-After"),
  limit: fields({
    concurrency: count.optional().describe("Calls in flight at once, over all graphs"),
    replyBytes: count.optional().describe("The most a provider may send in one reply; default: 32 MiB"),
  }).optional(),
  tier: text.optional(),
  tags: z.array(text).optional(),
  mcpServers: optional(
    listOf(z.array(text).describe("Servers of mcpServers whose tools it may call"), () => nameOf("MCP server")),
  ),
  default: z.boolean().optional().describe("Answers where nobody names a model"),
});
export const ModelSpec = model.schema.meta({ id: "Model" });
export type ModelSpec = z.infer<typeof ModelSpec>;
