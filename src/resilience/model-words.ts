import type { Words } from "./overflow-words.js";

/** Statuses of requests that were refused, not limited and not broken off. */
export const refused: readonly number[] = [400, 403, 404, 410, 412, 422];

const kind = "model_unavailable";

/** Words for a model that is unknown, retired, not this account's, or not able to do what was asked. */
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
  { class: kind, in: "code", on: refused, patterns: [/^OperationNotSupported$/] }, // Azure: a model that cannot chat
  {
    class: kind,
    in: "text",
    on: refused,
    patterns: [
      // unknown: OpenAI, vLLM, Groq, xAI, DeepSeek; Ollama, Gemini, Vertex AI, Cohere; Azure
      /model\b[^\n]{0,160}\b(does not|doesn't|not) exist\b/i,
      /models?\b[^\n]{0,160}\bnot found\b/i,
      /deployment [^\n]{0,60}does not exist/i,
      // OpenRouter, Mistral, Perplexity, LiteLLM, Bedrock; Hugging Face; DeepSeek; Zhipu
      /not a valid model\b|invalid model(:| name| id| identifier| '| ")|model identifier is invalid/i,
      /unknown model\b|no such model|no (allowed )?(endpoints|providers) (are )?(found|available)/i,
      /model ['"`]?[\w./:-]+['"`]? is not supported|requested model is not supported|supported (API )?model names are/i,
      /模型不存在/,
      // retired: Groq, OpenAI, Cohere, Bedrock
      /model\b[^\n]{0,120} (has been|was|is|is now) (decommissioned|deprecated|discontinued|retired|removed|shut down)/i,
      /model\b[^\n]{0,80}(end of (its )?life|no longer (available|supported|offered))/i,
      // access to one model: OpenAI, Bedrock, Together; Alibaba; Bedrock's and Vertex AI's rights
      /\b(you|user|account|organization|project|team|key)\b[^\n.]{0,60}(not|n't|no) [^\n.]{0,20}(access|allowed|authorized|permitted|permission|entitled)\b[^\n.]{0,40} models?\b/i,
      /model access is denied|access to (the |this )?([\w./-]+ )?model[^\n]{0,40}(denied|restricted|forbidden)/i,
      /unable to access [\w-]* ?model|on-demand throughput isn.t supported/i,
      /not authorized to perform: bedrock:\w+ on resource: \S*(foundation-model|inference-profile)\//i,
      /denied on resource [^\n]*\/models\//i,
      // terms and plans: Groq, Hugging Face, OpenAI
      /requires terms acceptance|gated (model|repo)|organization must be verified/i,
      /requires? (a|an) (\w+ )?(pro|paid|plus|enterprise|premium|higher) (\w+ )?(subscription|plan|tier|account)/i,
      /(plan|tier|subscription)\b[^\n.]{0,40} (does not|doesn't|not) (include|support|have access|allow|cover)/i,
      /not (available|included|supported|enabled) (on|in|for|with|under) your (\w+ )?(plan|tier|subscription|account)/i,
      /only available (on|to|for|in|with) [^\n.]{0,30}(paid|pro|plus|enterprise|premium)\b/i,
      /(requires?|limited to|not in|in|a) (the )?(gated|closed|private|limited) (beta|preview|access)\b/i,
      // abilities: Ollama, Groq
      /does not support (tools|tool (use|calling|choice)|function calling|chat|response format)/i,
      /does not support (image|vision|audio|video|multimodal)\b/i,
    ],
  },
  // Gemini: the free tier has none of it
  { class: kind, in: "text", on: [...refused, 429], patterns: [/free_tier[\s\S]{0,160}limit: 0\b/i] },
  // OpenAI, vLLM, llama.cpp
  {
    class: kind,
    in: "text",
    on: [...refused, 500],
    patterns: [/only supported by certain models|not a (multimodal|chat) model|image input is not supported/i],
  },
];
