import { z } from "zod";
import { count, fields, pause, text } from "../rows/fields.js";

/** Fields with which a model is reached. */
export const connectionShape = {
  baseUrl: text.optional().describe("Address, if not the provider's own: http://localhost:8000/v1"),
  apiKey: text.optional().describe(`An environment variable: \${NAME}; default: the provider's usual one`),
  apiVersion: text.optional().describe("For azure; default: 2024-10-21"),
  deployment: text.optional().describe("For azure; default: model"),
  project: text.optional().describe("For google-vertexai: id of the project"),
  location: text.optional().describe("For google-vertexai: europe-west4"),
  credentials: fields({ clientEmail: text, privateKey: text })
    .optional()
    .describe("For google-vertexai: a service account; default: application default credentials"),
  headers: z.record(z.string(), z.string()).optional().describe("Sent with every request"),
};

export const Limit = fields({
  concurrency: count.optional().describe("Maximum number of concurrent calls, over all graphs"),
  requestsPerMinute: count.optional().describe("Maximum calls within any minute"),
  tokensPerMinute: count.optional().describe("Maximum tokens within any minute, input and output"),
  queueMs: pause.optional().describe("Milliseconds a call waits at most; default: 60000 with a limit per minute"),
  replyBytes: count.optional().describe("Maximum bytes of one reply; default: 32 MiB"),
}).meta({ id: "Limit" });

/** A client of a pool: fields of a connection that replace those of its model. */
export const ClientSpec = fields({
  ...connectionShape,
  limit: Limit.optional().describe("For this client, instead of the model's"),
}).meta({ id: "Client" });
