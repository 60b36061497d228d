import type { Words } from "./overflow-words.js";

/** Statuses of rejected requests, without rate limits and server errors. */
export const refusalStatuses: readonly number[] = [400, 403, 404, 410, 412, 422];

const kind = "model_unavailable";

/** The word "model" with an optional id; not in a path, in a longer name, or as the name of a field or tool. */
const named = String.raw`(?<![\w./-]|\b(?:property|field|function|tool|argument|parameter|file|key|name|column) )models?(?:[ :/=]+(?:id |name )?['"\x60]*[^\s'"\x60]*['"\x60]*,?)?`;
const model = (words: string) => new RegExp(`${named} ${words}`, "i");

/** Wordings for a model that the free tier lacks, which Gemini reports as a spent quota of this one model. */
export const freeTierWords: readonly Words[] = [
  { class: kind, in: "text", on: [...refusalStatuses, 429], patterns: [/free_tier[\s\S]{0,160}limit: 0\b/i] },
];

/** Wordings for a model that is unknown, retired, not available to the account, or lacks a capability. */
export const modelWords: readonly Words[] = [
  {
    class: kind,
    in: "code",
    patterns: [
      // OpenAI, Groq, Together, Azure, Perplexity, Volcengine; Hugging Face, Zhipu; LangChain's own code of every 404
      /model_?not_?(found|available|open|exist|supported)|model_(decommissioned|deprecated|terms_required)|^1211$/i,
      /DeploymentNotFound|^(invalid|unknown)_model$|InvalidEndpointOrModel/i,
    ],
  },
  { class: kind, in: "code", on: refusalStatuses, patterns: [/^OperationNotSupported$/] }, // Azure: a model that cannot chat
  {
    class: kind,
    in: "text",
    on: refusalStatuses,
    patterns: [
      // unknown: OpenAI, vLLM, Groq, xAI, DeepSeek; Ollama, Gemini, Vertex AI, Cohere; Azure
      model("(does not|doesn't|not) exist\\b"),
      model("is not ((currently )?deployed|(allowed|permitted|enabled) (for|on|in|by))\\b"), // Fireworks, gateways with keys for teams
      /\bno models (are )?loaded\b/i, // LM Studio
      model("((was|is|could|are) )?not (be )?found\\b"),
      /deployment [^\n]{0,60}does not exist/i,
      // OpenRouter, Mistral, Perplexity, LiteLLM, Bedrock; Hugging Face; DeepSeek; Zhipu
      /not a valid model\b|invalid model(:| name| id| identifier| '| ")|model identifier is invalid/i,
      /unknown model\b|no such model|no (allowed )?(endpoints|providers) (are )?(found|available)/i,
      /model ('{2}|[\w./:-]+) is not supported|requested model is not supported|supported (API )?model names are/i,
      /模型不存在/,
      // retired: Groq, OpenAI, Cohere, Bedrock
      model("(has been|was|is|is now) (decommissioned|deprecated|discontinued|retired|removed|shut down)"),
      model(
        "(version )?(has |have )?(reached |reaches )?(is |are )?(the |its )?(end of (its )?life|no longer (available|supported|offered))",
      ),
      // access to one model: OpenAI, Bedrock, Together; Alibaba; Bedrock's rights
      /\b(you|user|account|organization|project|team|key)\b[^\n.]{0,60}(not|n't|no) [^\n.]{0,20}(access|allowed|authorized|permitted|permission|entitled)\b[^\n.]{0,40} models?\b/i,
      /model access is denied|access to (the |this )?([\w./-]+ )?model[^\n]{0,40}(denied|restricted|forbidden)/i,
      /unable to access [\w-]* ?model|on-demand throughput isn.t supported/i,
      /not authorized to perform: bedrock:\w+ on resource: \S*(foundation-model|inference-profile)\//i,
      // terms and plans: Groq, Hugging Face, OpenAI; Ollama
      /requires terms acceptance|gated (model|repo)|organization must be verified/i,
      model("requires? a subscription"),
      /requires? (a|an) (\w+ )?(pro|paid|plus|enterprise|premium|higher) (\w+ )?(subscription|plan|tier|account)/i,
      /(plan|tier|subscription)\b[^\n.]{0,40} (does not|doesn't|not) (include|support|have access|allow|cover)/i,
      /not (available|included|supported|enabled) (on|in|for|with|under) your (\w+ )?(plan|tier|subscription|account)/i,
      /only available (on|to|for|in|with) [^\n.]{0,30}(paid|pro|plus|enterprise|premium)\b/i,
      /(requires?|limited to|not in|in|a) (the )?(gated|closed|private|limited) (beta|preview|access)\b/i,
      // abilities: Ollama, Groq, Bedrock, Gemini
      /(does not|doesn't) support (tools|tool (use|calling|choice)|function calling|chat|thinking|response format)/i,
      /(function calling|(developer|system) instruction) is not enabled for/i,
      /does not support (image|vision|audio|video|multimodal)\b/i,
    ],
  },
  // Vertex AI's rights
  { class: kind, in: "text", on: refusalStatuses, quotes: true, patterns: [/denied on resource \S*\/models\//i] },
  // OpenAI, vLLM, llama.cpp
  {
    class: kind,
    in: "text",
    on: [...refusalStatuses, 500],
    patterns: [
      /requires --(enable-auto-tool-choice|tool-call-parser|jinja)\b/i,
      /only supported by certain models|not a (multimodal|chat) model|image input is not supported/i,
    ],
  },
];
