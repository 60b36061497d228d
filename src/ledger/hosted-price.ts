import type { Price } from "./model-call.js";
import { lookUpPrice } from "./price.js";

/**
 * Hosts of models by what gateways put before an id (docs.litellm.ai, "Providers"), with their name in the catalogue of prices; ""
 * for a host it does not have. Makers whose weights others run under the same word (`openai/gpt-oss-20b`) are not among them.
 */
const hosts: ReadonlyMap<string, string> = new Map([
  ...["anthropic", "azure", "cerebras", "fireworks", "groq", "novita", "openrouter", "perplexity"].map(same),
  ...["avian", "ovhcloud", "together", "x-ai"].map(same),
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

function same(host: string): [string, string] {
  return [host, host];
}

/** Makers whose word stands before ids of their API and, with a size at the end, before weights one runs oneself. */
const makers: ReadonlySet<string> = new Set(["cohere", "deepseek", "mistral"]);
const sized = /[-_:]\d+(?:\.\d+)?[bm](?:[-_.]|$)/i;

/** Ids of Bedrock without its name: `anthropic.claude-3-haiku-20240307-v1:0`, of one region or several. */
const ofBedrock =
  /^(?:(?:us|eu|apac|au|ca|jp|sa|us-gov|global)\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|nvidia|openai|qwen|stability|twelvelabs|writer|zai)\.(?!gguf$)[a-z]/;

/** Models of Ollama that its own servers run (`gpt-oss:120b-cloud`), billed by subscription. */
const ofOllamaCloud = /[:-]cloud$/;

/** True for an id that Ollama runs on its own servers. */
export function isOllamaCloud(modelId: string): boolean {
  return ofOllamaCloud.test(modelId);
}

/**
 * The list price of an id that names the host which runs the model, wherever the gateway is that was asked.
 *
 * @returns `null` where the catalogue does not have it, `undefined` for an id that names no host
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
