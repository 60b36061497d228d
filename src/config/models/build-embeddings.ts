import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { MissingPackageError, UnavailableModelError } from "../../errors/index.js";
import { redactError } from "../../secrets/redact.js";
import type { Spec } from "../read-spec.js";
import type { Environment } from "../text/interpolate.js";
import type { Problems } from "../text/problems.js";
import { loadClient } from "./build-model.js";
import { providerOf } from "./provider-of.js";

const part = ["embeddings"];

/** Makes the client of `embeddings`; without its key or package it fails when it is called, and a warning says so. */
export async function buildEmbeddings(
  { spec: { embeddings: spec }, problems }: Spec,
  environment: Environment,
): Promise<EmbeddingsInterface | undefined> {
  if (spec === undefined || problems.has(part)) return undefined;
  const provider = providerOf(spec);
  try {
    const Client = await loadClient("embeddings", { package: provider.package, load: provider.loadEmbeddings });
    if (problems.lacksOf(part).length > 0) return unavailable(problems);
    const made = provider.fields(spec, environment);
    const endpoint = made.azureOpenAIEndpoint; // the client of embeddings takes only a path with the deployments
    return new Client({
      ...made,
      ...(endpoint !== undefined && { azureOpenAIBasePath: `${endpoint}/openai/deployments` }),
    });
  } catch (error) {
    const why = MissingPackageError.isInstance(error)
      ? `needs a package that is not installed; run: npm install ${error.packages.join(" ")}`
      : `its client cannot be made: ${redactError(error)}`;
    problems.lack(part, [...part, "provider"], why);
    return unavailable(problems);
  }
}

function unavailable(problems: Problems): EmbeddingsInterface {
  const lacks = problems.lacksOf(part);
  for (const { message } of lacks) problems.warn(part, message);
  const fail = async () => {
    throw new UnavailableModelError("embeddings", problems.file, lacks);
  };
  return { embedQuery: fail, embedDocuments: fail };
}
