import { z } from "zod";
import { fields, text } from "../rows/fields.js";
import { connectionShape } from "./client-spec.js";
import { providerNames, providers } from "./providers.js";

const withEmbeddings = providerNames.filter((name) => providers[name].embeddingsClass !== undefined);

/** Embeddings of a file: their connection, written as that of a model. */
export const EmbeddingsSpec = fields({
  provider: z.enum(withEmbeddings as [(typeof withEmbeddings)[number]]).describe("Provider that serves the model"),
  model: text.optional().describe("The provider's id: text-embedding-3-small; for azure, the deployment"),
  ...connectionShape,
});
export type EmbeddingsSpec = z.infer<typeof EmbeddingsSpec>;
