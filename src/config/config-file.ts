import { z } from "zod";
import { complexities } from "../routing/detect-complexity.js";
import type { McpServer as McpServerValue } from "./mcp-server.js";
import { EmbeddingsSpec } from "./models/embeddings-spec.js";
import { ModelSpec, model } from "./models/model-spec.js";
import { Parameters, TaskParameters } from "./models/parameters.js";
import { listOf, nameOf, optional, recordOf, setOf } from "./rows/field.js";
import { fields, oneOf, text } from "./rows/fields.js";
import { graph } from "./rows/graph.js";
import type { Task as TaskValue } from "./task.js";

export { ModelSpec };

const McpServer: z.ZodType<McpServerValue> = oneOf("write { command, args } for a process, or { url } for HTTP", [
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

const role = setOf({ model: nameOf("model", text.describe("A key of models")), parameters: Parameters.optional() });

const Task: z.ZodType<TaskValue> = fields({
  model: text.optional().describe("The model or graph that answers, where the command line or a request names none"),
  complexity: z.enum(complexities).optional().describe("Read by routes, before they look at the question"),
  parameters: TaskParameters.optional().describe("For the models that may give the answer"),
  temperature: TaskParameters.shape.temperature.describe("As in parameters"),
  maxTokens: TaskParameters.shape.maxTokens.describe("As in parameters"),
  json: z.boolean().optional().describe("For your own code: the answer is JSON"),
});

const byName = <Value extends z.ZodType>(value: Value) => z.record(text, value);

const target = nameOf("tier or model");
const cells = recordOf(byName(text), { keys: "complexity", values: target });
const table = byName(cells.schema)
  .refine((tasks) => Object.keys(tasks).length > 0, "is empty; write a task, and for it a tier or model")
  .describe("Task, then complexity, to a tier or model");

const routing = setOf({
  table: recordOf(table, { values: cells }),
  default: nameOf("tier or model", text.describe("Tier or model for a missing cell")),
});

/** The file's fields, with the references in them. */
export const file = setOf({
  $schema: z.string().optional().describe("For editors: where this schema is"),
  default: text.optional().describe("The model or graph that answers a request that names neither"),
  models: recordOf(byName(ModelSpec).meta({ minProperties: 1 }).describe("Models by name"), {
    values: model,
  }),
  prompts: byName(text).optional().describe("System prompts by name"),
  embeddings: EmbeddingsSpec.optional().describe("Compares texts for routes by examples; default: a local embedder"),
  mcpServers: byName(McpServer).optional().describe("Servers whose tools models may call"),
  tiers: optional(
    recordOf(byName(text).describe("Tier to model: { small: fast, large: strong }"), { values: nameOf("model") }),
  ),
  roles: optional(
    recordOf(byName(role.schema).describe("Models by an application's own name for them: main, utility, …"), {
      values: role,
    }),
  ),
  tasks: byName(Task).optional().describe("Settings of a run by its task: `context.task`, --task, metadata.task"),
  routing: optional({ ...routing, schema: routing.schema.describe("Becomes the graph `routing`") }),
  fallback: optional(
    listOf(z.array(text).min(1).describe("Models in the order they are tried; becomes the graph `fallback`"), () =>
      nameOf("model"),
    ),
  ),
  graphs: optional(
    recordOf(byName(graph.schema).describe("Graphs by name: { pattern: cascade, … }"), { values: graph }),
  ),
});

/** Schema of a file in this library's own format. */
export const ConfigFile = file.schema;
export type ConfigFile = z.infer<typeof ConfigFile>;
