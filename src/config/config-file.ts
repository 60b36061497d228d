import { z } from "zod";
import { complexities } from "../routing/detect-complexity.js";
import { ModelSpec } from "./models/model-spec.js";
import { Parameters } from "./models/parameters.js";
import { count, fields, oneOf, text } from "./rows/fields.js";
import { GraphSpec } from "./rows/graph.js";

export { ModelSpec };

/** A Model Context Protocol server: a process on this machine, or one reached over HTTP. */
export const McpServer = oneOf("write { command, args } for a process, or { url } for HTTP", [
  fields({
    transport: z.literal("stdio").optional(),
    command: text,
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: text.optional(),
  }),
  fields({
    transport: z.enum(["http", "sse"]).optional(),
    url: text,
    headers: z.record(z.string(), z.string()).optional(),
  }),
]);
export type McpServer = z.infer<typeof McpServer>;

const Role = fields({ model: text.describe("A key of models"), parameters: Parameters.optional() });

const Task = fields({
  complexity: z.enum(complexities).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: count.optional(),
  json: z.boolean().optional().describe("The answer is JSON"),
});

const named = <Value extends z.ZodType>(value: Value) => z.record(text, value);

/** The file as it is written in our own format. */
export const ConfigFile = fields({
  $schema: z.string().optional().describe("For editors: where this schema is"),
  default: text.optional().describe("The model or graph that answers where nobody names one"),
  models: named(ModelSpec).meta({ minProperties: 1 }).describe("Models by the name they go by"),
  prompts: named(text).optional().describe("System prompts by name"),
  mcpServers: named(McpServer).optional().describe("Servers whose tools models may call"),
  tiers: named(text).optional().describe("Tier to model: { small: fast, large: strong }"),
  roles: named(Role).optional().describe("What an application calls its models: main, utility, …"),
  tasks: named(Task).optional().describe("Settings recommended for a kind of task"),
  routing: fields({
    table: named(named(text)).describe("Task, then complexity, to a tier or model"),
    default: text.describe("Tier or model of a cell that is missing"),
  })
    .optional()
    .describe("Becomes the graph `routing`"),
  fallback: z
    .array(text)
    .min(1)
    .optional()
    .describe("Models in the order they are tried; becomes the graph `fallback`"),
  graphs: named(GraphSpec).optional().describe("Graphs by name: { pattern: cascade, … }"),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
