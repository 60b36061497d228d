import { z } from "zod";
import { BudgetSpec } from "../rows/budget-spec.js";
import { CacheSpec } from "../rows/cache.js";
import { listOf, nameOf, optional, setOf } from "../rows/field.js";
import { count, fields, milliseconds, oneOf, pause, share, text } from "../rows/fields.js";
import { ClientSpec, connectionShape, Limit } from "./client-spec.js";
import { Parameters } from "./parameters.js";
import { providerCalled, providerNames } from "./providers.js";

function otherProvider(given: unknown): string | undefined {
  const name = typeof given === "string" ? providerCalled(given.toLowerCase()) : undefined;
  return name && `write ${name}`;
}

const usd = z.number().nonnegative();

const maxExtra = z.number().gt(0).max(1).optional().describe("Most second requests, of the last 100; default: 0.1");

/** A model of a file: its connection, and known facts about it. */
export const model = setOf({
  provider: z
    .enum(providerNames, { error: ({ input }) => otherProvider(input) })
    .describe("Provider that serves the model"),
  model: text.optional().describe("The provider's id of the model; for azure, the deployment"),
  ...connectionShape,
  clients: z
    .array(ClientSpec)
    .min(1)
    .optional()
    .describe("Several keys or regions of this model, called as one: connections over the fields above"),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Added unchanged to every request, for parameters that only this API has"),
  description: text.optional().describe("One sentence about its strengths, for classifiers and judges"),
  systemPrompt: text.optional().describe("System message added before every conversation"),
  prompt: optional(nameOf("prompt", text.describe("A key of prompts, instead of systemPrompt"))),
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
  finishReason: z
    .boolean()
    .optional()
    .describe("false: the server's streams have no finish reason; default: an answer without one counts as cut off"),
  retry: oneOf("write false, or { maxRetries: 2, backoff: [500, 1000] }", [
    z.literal(false),
    fields({
      maxRetries: z.number().int().nonnegative().optional(),
      backoff: z.array(pause).min(1).optional().describe("Milliseconds before each retry"),
    }),
  ]).optional(),
  coolDown: fields({ maxMs: pause.optional().describe("Milliseconds at most; 0: never; default: 300000") })
    .optional()
    .describe("How long the model is skipped after a rate limit or a Retry-After"),
  breaker: oneOf("write false, or { failures: 5, ratio: 0.5, minimum: 10, windowMs: 60000, openMs: 30000 }", [
    z.literal(false),
    fields({
      failures: z.number().int().nonnegative().optional().describe("Failures in a row; 0: not counted; default: 5"),
      ratio: share.optional().describe("Share of failed calls above which it opens; 0: not counted; default: 0.5"),
      minimum: z.number().int().min(1).max(1_000).optional().describe("Calls that ratio needs; default: 10"),
      windowMs: pause.optional().describe("Milliseconds that ratio looks back; default: 60000"),
      openMs: pause.optional().describe("Milliseconds until one request tries the model again; default: 30000"),
    }),
  ])
    .optional()
    .describe("When a model that times out or fails is skipped for a while; false: never"),
  hedge: oneOf("write { afterMs: 800 } or { percentile: 0.95 }", [
    fields({ afterMs: milliseconds.describe("Milliseconds of the first request"), maxExtra }),
    fields({ percentile: z.number().gt(0).lt(1).describe("Share of earlier calls that took no longer"), maxExtra }),
  ])
    .optional()
    .describe("Sends a call without an answer a second time; the first answer wins"),
  cache: CacheSpec.optional().describe(
    "Gives an answer again, without calling the model: to the same request, or to a question that means the same; kept in memory",
  ),
  budget: BudgetSpec.optional().describe("Caps what its calls may cost in an hour, a day or a month"),
  maxOutputTokens: count.optional().describe("Most tokens of an answer, which a budget reserves and sends"),
  limit: Limit.optional(),
  quality: z.number().min(0).max(1).optional().describe("How good its answers are, for qualityFocused"),
  tier: text.optional().describe("Its class: large, standard, small or your own word"),
  tags: z.array(text).optional(),
  mcpServers: optional(
    listOf(z.array(text).describe("Servers of mcpServers whose tools it may call"), () => nameOf("MCP server")),
  ),
  default: z.boolean().optional().describe("Whether it answers requests that name no model"),
});
export const ModelSpec = model.schema.meta({ id: "Model" });
export type ModelSpec = z.infer<typeof ModelSpec>;
