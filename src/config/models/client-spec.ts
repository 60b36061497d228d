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

/** Limits as a file has them; written out, since the declarations that hold their schema would repeat all of it. */
export interface Limit {
  concurrency?: number | undefined;
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  queueMs?: number | undefined;
  replyBytes?: number | undefined;
}

export const Limit: z.ZodType<Limit> = fields({
  concurrency: count.optional().describe("Maximum number of concurrent calls, over all graphs"),
  requestsPerMinute: count.optional().describe("Maximum calls within any minute"),
  tokensPerMinute: count.optional().describe("Maximum tokens within any minute, input and output"),
  queueMs: pause.optional().describe("Milliseconds a call waits at most; default: 60000 with a limit per minute"),
  replyBytes: count.optional().describe("Maximum bytes of one reply; default: 32 MiB"),
}).meta({ id: "Limit" });

/** A client of a pool as a file has it. */
export interface ClientSpec {
  baseUrl?: string | undefined;
  apiKey?: string | undefined;
  apiVersion?: string | undefined;
  deployment?: string | undefined;
  project?: string | undefined;
  location?: string | undefined;
  credentials?: { clientEmail: string; privateKey: string } | undefined;
  headers?: Record<string, string> | undefined;
  limit?: Limit | undefined;
}

/** A client of a pool: fields of a connection that replace those of its model. */
export const ClientSpec: z.ZodType<ClientSpec> = fields({
  ...connectionShape,
  limit: Limit.optional().describe("For this client, instead of the model's"),
}).meta({ id: "Client" });
