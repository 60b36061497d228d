import { z } from "zod";
import { fields, text } from "../rows/fields.js";
import { providerNames, providers } from "./providers.js";

const withEmbeddings = providerNames.filter((name) => providers[name].embeddingsClass !== undefined);

/** Embeddings of a file: their connection, written as that of a model. */
export const EmbeddingsSpec = fields({
  provider: z.enum(withEmbeddings as [(typeof withEmbeddings)[number]]).describe("Provider that serves the model"),
  model: text.optional().describe("The provider's id: text-embedding-3-small; for azure, the deployment"),
  baseUrl: text.optional().describe("Address, if not the provider's own"),
  apiKey: text.optional().describe(`An environment variable: \${NAME}; default: the provider's usual one`),
  apiVersion: text.optional().describe("For azure; default: 2024-10-21"),
  deployment: text.optional().describe("For azure; default: model"),
  project: text.optional().describe("For google-vertexai: id of the project"),
  location: text.optional().describe("For google-vertexai: europe-west4"),
  credentials: fields({ clientEmail: text, privateKey: text })
    .optional()
    .describe("For google-vertexai: a service account; default: application default credentials"),
  headers: z.record(z.string(), z.string()).optional().describe("Sent with every request"),
});
export type EmbeddingsSpec = z.infer<typeof EmbeddingsSpec>;
