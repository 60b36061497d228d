import type { Price } from "./model-call.js";
import { lookUpPrice } from "./price.js";

/**
 * Hosts by the prefix that gateways put before a model id (docs.litellm.ai, "Providers"), with their name in the price catalogue, or ""
 * if it lacks the host. Prefixes that also stand before open weights (`openai/gpt-oss-20b`) are left out.
 */
const hosts: ReadonlyMap<string, string> = new Map([
  ...["anthropic", "azure", "cerebras", "fireworks", "groq", "novita", "openrouter", "perplexity"].map(sameName),
  ...["avian", "ovhcloud", "together", "x-ai"].map(sameName),
  ...(Object.entries({
    azure_ai: "azure",
    bedrock: "aws",
    bedrock_converse: "aws",
    cohere_chat: "cohere",
    fireworks_ai: "fireworks",
    gemini: "google",
    moonshot: "moonshotai",
    together_ai: "together",
    vertex_ai: "google",
    vertex_ai_beta: "google",
    xai: "x-ai",
  }) as [string, string][]),
  ...[
    ...["aiml", "amazon_nova", "anyscale", "baseten", "bytez", "clarifai", "cloudflare", "dashscope", "databricks"],
    ...[
      "deepinfra",
      "featherless_ai",
      "friendliai",
      "github",
      "github_copilot",
      "gradient_ai",
      "heroku",
      "huggingface",
    ],
    ...["hyperbolic", "lambda_ai", "meta_llama", "nebius", "nscale", "nvidia_nim", "oci", "palm", "predibase"],
    ...["replicate", "sagemaker", "sagemaker_chat", "sambanova", "snowflake", "vercel_ai_gateway", "volcengine"],
    ...["wandb", "watsonx"],
  ].map((host): [string, string] => [host, ""]),
]);

function sameName(host: string): [string, string] {
  return [host, host];
}

/** Prefixes of API model ids that also stand before open weights, which have a size at the end. */
const makers: ReadonlySet<string> = new Set(["cohere", "deepseek", "mistral"]);
const sized = /[-_:]\d+(?:\.\d+)?[bm](?:[-_.]|$)/i;

/** Bedrock ids, with or without region: `anthropic.claude-3-haiku-20240307-v1:0`. */
const ofBedrock =
  /^(?:(?:us|eu|apac|au|ca|jp|sa|us-gov|global)\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|nvidia|openai|qwen|stability|twelvelabs|writer|zai)\.(?!gguf$)[a-z]/;

const ofOllamaCloud = /[:-]cloud$/;

/** Returns true for a model of Ollama Cloud (`gpt-oss:120b-cloud`), which is billed by subscription. */
export function isOllamaCloud(modelId: string): boolean {
  return ofOllamaCloud.test(modelId);
}

/**
 * Returns the list price of a model id with a host prefix, even behind a local gateway.
 *
 * @returns `null` if the catalogue lacks it, `undefined` for an id without a host
 */
export function hostedPrice(modelId: string): Price | null | undefined {
  if (isOllamaCloud(modelId)) return null;
  if (ofBedrock.test(modelId)) return lookUpPrice(modelId, { id: "aws" });
  const [, name = "", id = ""] = /^([\w-]+)\/(.+)$/s.exec(modelId) ?? [];
  const host = hosts.get(name) ?? (makers.has(name) && !sized.test(id) ? name : undefined);
  if (host === undefined) return undefined;
  const bare =
    host === "aws" ? id.replace(/^(?:(?:converse|converse_like|invoke|[a-z]{2}(?:-[a-z]+)+-\d)\/)+/, "") : id;
  return (host === "" ? null : lookUpPrice(bare, { id: host })) ?? lookUpPrice(bare);
}
