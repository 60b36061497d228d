import { z } from "zod";
import { complexities } from "../routing/detect-complexity.js";
import { ModelSpec, model } from "./models/model-spec.js";
import { Parameters } from "./models/parameters.js";
import { listOf, nameOf, optional, recordOf, setOf } from "./rows/field.js";
import { count, fields, oneOf, text } from "./rows/fields.js";
import { graph } from "./rows/graph.js";

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

const role = setOf({ model: nameOf("model", text.describe("A key of models")), parameters: Parameters.optional() });

const Task = fields({
  complexity: z.enum(complexities).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: count.optional(),
  json: z.boolean().optional().describe("The answer is JSON"),
});

const named = <Value extends z.ZodType>(value: Value) => z.record(text, value);

const target = nameOf("tier or model");
const cells = recordOf(named(text), { keys: "complexity", values: target });
const table = named(cells.schema)
  .refine((tasks) => Object.keys(tasks).length > 0, "is empty; write a task, and for it a tier or model")
  .describe("Task, then complexity, to a tier or model");

const routing = setOf({
  table: recordOf(table, { values: cells }),
  default: nameOf("tier or model", text.describe("Tier or model of a cell that is missing")),
});

/** The file, with the names in it. */
export const file = setOf({
  $schema: z.string().optional().describe("For editors: where this schema is"),
  default: text.optional().describe("The model or graph that answers where nobody names one"),
  models: recordOf(named(ModelSpec).meta({ minProperties: 1 }).describe("Models by the name they go by"), {
    values: model,
  }),
  prompts: named(text).optional().describe("System prompts by name"),
  mcpServers: named(McpServer).optional().describe("Servers whose tools models may call"),
  tiers: optional(
    recordOf(named(text).describe("Tier to model: { small: fast, large: strong }"), { values: nameOf("model") }),
  ),
  roles: optional(
    recordOf(named(role.schema).describe("What an application calls its models: main, utility, …"), { values: role }),
  ),
  tasks: named(Task).optional().describe("Settings recommended for a kind of task"),
  routing: optional({ ...routing, schema: routing.schema.describe("Becomes the graph `routing`") }),
  fallback: optional(
    listOf(z.array(text).min(1).describe("Models in the order they are tried; becomes the graph `fallback`"), () =>
      nameOf("model"),
    ),
  ),
  graphs: optional(
    recordOf(named(graph.schema).describe("Graphs by name: { pattern: cascade, … }"), { values: graph }),
  ),
});

/** The file as it is written in our own format. */
export const ConfigFile = file.schema;
export type ConfigFile = z.infer<typeof ConfigFile>;
