import { z } from "zod";
import { GraphSpec } from "./graph-spec.js";

const text = z.string().min(1);
const usd = z.number().nonnegative();
const milliseconds = z.number().positive();
const count = z.number().int().positive();

/** What providers can be named; any other server that speaks OpenAI's API is `openai-compatible`. */
export const providerNames = [
  ...["openai", "azure", "google-genai", "google-vertexai", "anthropic", "ollama", "openrouter"],
  "openai-compatible",
] as const;
export type ProviderName = (typeof providerNames)[number];

const parameters = z
  .record(z.string(), z.unknown())
  .describe(
    "Sampling settings: temperature, maxTokens, topP, topK, stop, seed, frequencyPenalty, presencePenalty, numCtx, …",
  );

const price = z
  .strictObject({ input: usd, output: usd, cacheRead: usd.optional(), cacheWrite: usd.optional() })
  .describe("USD per million tokens; default: the catalogue's, by model id");

/** One model of a file: how to reach it, and what is known about it. */
export const ModelSpec = z.strictObject({
  provider: z.enum(providerNames).describe("Who serves it"),
  model: text.optional().describe("The provider's id of the model; of azure the deployment"),
  baseUrl: text.optional().describe("Where it is served, when not by the provider itself: http://localhost:8000/v1"),
  apiKey: text
    .optional()
    .describe("A variable of the environment, written dollar and braces; default: the provider's usual variable"),
  apiVersion: text.optional().describe("Of azure"),
  deployment: text.optional().describe("Of azure; default: model"),
  project: text.optional().describe("Of google-vertexai"),
  location: text.optional().describe("Of google-vertexai"),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe("Sent with every request, to servers that speak OpenAI's API"),
  description: text.optional().describe("What it is good at, in a sentence: classifiers and judges read it"),
  systemPrompt: text.optional().describe("Put before every conversation"),
  prompt: text.optional().describe("The same by name: a key of prompts"),
  parameters: parameters.optional(),
  price: price.nullable().optional(),
  contextWindow: count.optional().describe("Tokens; default: the catalogue's"),
  capabilities: z
    .array(z.enum(["vision", "tools", "json", "audio"]))
    .optional()
    .describe("Default: the catalogue's"),
  timeout: milliseconds.optional().describe("Milliseconds for one attempt"),
  firstTokenTimeout: milliseconds.optional().describe("Milliseconds until the first token"),
  retry: z
    .union([
      z.literal(false),
      z.strictObject({
        maxRetries: z.number().int().nonnegative().optional(),
        backoff: z.array(z.number().nonnegative()).optional().describe("Milliseconds before each retry"),
      }),
    ])
    .optional(),
  limit: z.strictObject({ concurrency: count.optional() }).optional(),
  tier: text.optional(),
  tags: z.array(text).optional(),
  mcpServers: z.array(text).optional().describe("Servers of mcpServers whose tools it may call"),
  default: z.boolean().optional().describe("Answers where nobody names a model"),
});
export type ModelSpec = z.infer<typeof ModelSpec>;

/** A Model Context Protocol server: a process on this machine, or one reached over HTTP. */
export const McpServer = z.union([
  z.strictObject({
    transport: z.literal("stdio").optional(),
    command: text,
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: text.optional(),
  }),
  z.strictObject({
    transport: z.enum(["http", "sse"]).optional(),
    url: text,
    headers: z.record(z.string(), z.string()).optional(),
  }),
]);
export type McpServer = z.infer<typeof McpServer>;

const Role = z.strictObject({ model: text.describe("A key of models"), parameters: parameters.optional() });

const Task = z.strictObject({
  complexity: z.enum(["simple", "moderate", "complex", "critical"]).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: count.optional(),
  json: z.boolean().optional().describe("The answer is JSON"),
});

/** The file as it is written in our own format. */
export const ConfigFile = z.strictObject({
  default: text.optional().describe("The model or graph that answers where nobody names one"),
  models: z.record(z.string(), ModelSpec).describe("Models by the name they go by"),
  prompts: z.record(z.string(), text).optional().describe("System prompts by name"),
  mcpServers: z.record(z.string(), McpServer).optional(),
  tiers: z.record(z.string(), text).optional().describe("Tier to model: { small: fast, large: strong }"),
  roles: z.record(z.string(), Role).optional().describe("What an application calls its models: main, utility, …"),
  tasks: z.record(z.string(), Task).optional().describe("Settings recommended for a kind of task"),
  routing: z
    .strictObject({
      table: z.record(z.string(), z.record(z.string(), text)).describe("Task, then complexity, to a tier or model"),
      default: text.describe("Tier or model of a cell that is missing"),
    })
    .optional()
    .describe("Becomes the graph `routing`"),
  fallback: z
    .array(text)
    .min(1)
    .optional()
    .describe("Models in the order they are tried; becomes the graph `fallback`"),
  graphs: z.record(z.string(), GraphSpec).optional().describe("Graphs by name: { pattern: cascade, … }"),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
