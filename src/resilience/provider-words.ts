import { freeTierWords, modelWords, refusalStatuses } from "./model-words.js";
import { overflowWords, type Words } from "./overflow-words.js";

/** Codes for invalid requests; they come first, because the message may quote the caller. */
const requestWords: readonly Words[] = [
  {
    class: "invalid_request",
    in: "code",
    on: [400, 422],
    patterns: [
      /^invalid_(value|type|image(_\w+)?|function_parameters|json_schema|base64)$/, // OpenAI
      /^((un(supported|known)|missing_required)_parameter|(integer|array)_(above|below)_m(ax|in)_\w+)$/, // OpenAI
    ],
  },
  {
    class: "invalid_request",
    in: "text",
    patterns: [/^Google requires a tool name for each tool call response/], // @langchain/google-genai, of a result without its call
  },
];

/** Wordings for a request that exceeds a limit of the account, not the context window. */
const tooLargeWords: readonly Words[] = [
  // GitHub Models; Anthropic's limit in bytes
  { class: "too_large", in: "code", patterns: [/^(tokens_limit_reached|request_too_large)$/] },
  {
    class: "too_large",
    in: "text",
    patterns: [
      /request too large[\s\S]{0,200}\btokens per (min|day)/i, // OpenAI 429, Groq 413: one request above the limit per minute
      /request body too large for [\s\S]{0,80}max size: \d+ tokens/i, // GitHub Models
      /extra usage is required for long context/i, // Anthropic: long prompts need another plan
      /prompt tokens limit exceeded: \d+ > \d+/i, // OpenRouter
      /usage credits are required for long context/i, // Anthropic
      /(payload|request body) size( exceeds the limit)?:? \d+ (bytes|exceeded)/i, // Gemini
    ],
  },
];

const quotaWords: readonly Words[] = [
  {
    class: "quota",
    in: "code",
    patterns: [
      /insufficient_(quota|balance|credit|funds)|billing|credit|PerDay|Arrearage/i,
      /overdue|payment_required|exceeded_current_quota|ServiceQuotaExceeded|budget_exceeded|token_quota_reached|blocked_api_access|^(1113|30011)$/i,
      /not_enough_balance|^quota_exceeded$|ResourcePack(age)?Exhausted|InArrears/i, // Novita, GitHub Copilot, Tencent
    ],
  },
  {
    class: "quota",
    in: "text",
    patterns: [
      /credit balance is too low|you have reached your specified [^.]{0,30}limits/i, // Anthropic
      /billing hard limit|account is not active, please check your billing/i, // OpenAI
      /used all available credits|\bspend(ing)? limit\b|failure to pay/i, // xAI, Fireworks, Groq
      /(exceeded|depleted|reached) your monthly [^.]{0,20}credits/i, // Hugging Face
      /requires more credits|can only afford|free-models-per-day|credit limit exceeded/i, // OpenRouter, Together
      /insufficient (account )?(balance|credits?|funds)|balance is insufficient|余额不足/i, // DeepSeek, SiliconFlow, Zhipu
      /account is in good standing|overdue (account|payment|balance)/i, // Alibaba, Volcengine
      /limited to \d+ API calls \/ month|too many tokens per day/i, // Cohere's trial, Bedrock's day
      /inactive subscription or usage limit reached/i, // Mistral
      /reached your (hourly|session|weekly|monthly) usage limit/i, // Ollama
      /budget has been exceeded|crossed budget|spend alert threshold reached/i, // LiteLLM, Groq
      /used up your daily free allocation|draw from (your )?extra usage/i, // Cloudflare, Anthropic
      /out of credits|purchase (more )?credits|please recharge/i,
      // any provider: "your prepayment credits are depleted", "not enough balance"
      /\b(credits?|balance|funds|allowance|allocation)( \w+){0,3} (exhausted|depleted|expired|used up|empty)\b/i,
      /\b(not enough|insufficient|run out of|ran out of|used up( all)?|exceeded|depleted|exhausted)( your| the)?( \w+){0,2} (credits?|balance|funds|allowance)\b/i,
      /\b(add|enter|provide|update) (a |your )?(valid )?payment (method|information)|account (is )?in arrears/i,
      /free monthly usage limit|daily request limit reached|ResourcePack(age)?Exhausted|\.InArrears\b/i, // Hugging Face, Baidu, Tencent
    ],
  },
  // with a 429, Gemini also means a limit per minute
  { class: "quota", in: "text", on: [400, 402, 403], patterns: [/exceeded your current quota/i] },
];

/** Rate limits without status 429. */
const rateLimitWords: readonly Words[] = [
  {
    class: "rate_limit",
    in: "text",
    on: refusalStatuses,
    // LiteLLM, Mistral
    patterns: [/no (healthy )?deployments? available|service tier capacity exceeded/i],
  },
];

const refusalWords: readonly Words[] = [
  {
    class: "refusal",
    in: "code",
    patterns: [
      /content_filter|content_policy|^invalid_prompt$|moderation|guardrail|^cyber_policy$|ResponsibleAI/i, // OpenAI, Azure
      /SAFETY|PROHIBITED_CONTENT|BLOCKLIST|RECITATION|SPII/, // Gemini
      /data_?inspection_?failed|sensitive_?(content|word)|^1301$/i, // Alibaba, Volcengine, Zhipu
    ],
  },
  {
    class: "refusal",
    in: "text",
    patterns: [
      /(prompt|input|content|request|message)s? (was|were|is|has been) flagged/i, // OpenAI, OpenRouter
      /violat\w+ (our |the |openai's |xai's )?(usage|content|safety) (polic|guideline)/i, // OpenAI, xAI
      /rejected as a result of our safety system|because it may be used for cyber abuse/i, // OpenAI
      /content management policy|content filter(ing)? policy/i, // Azure, Anthropic
      /blocked by (the |our |a )?(\w+ )?(guardrail|content filter|safety|moderation)/i, // Bedrock
      /responsible AI practices|content exists risk|may contain inappropriate content/i, // Vertex AI, DeepSeek, Alibaba
      /blocked (due to|for|because of) (safety|policy|content)|sensitive words|unsafe or sensitive/i, // Gemini, Vertex AI, Zhipu
      /considered high risk|new_sensitive|敏感内容|敏感词/i, // Moonshot, MiniMax, Zhipu
      /\bguardrails? (was |were |has been |have been )?(triggered|intervened|violated|tripped)|by prompt guard\b/i, // Databricks, Bedrock
      /sensitive (content|information|words?) (was |were )?(detected|found)|\b(is|are|as) (a )?security risk/i, // Tencent, Baidu
      /blocked due to (PROHIBITED_CONTENT|BLOCKLIST|SPII|RECITATION|OTHER)\b/, // Gemini
    ],
  },
];

/** Wordings for tool calls and JSON of a model that its server cannot parse. */
const emptyWords: readonly Words[] = [
  {
    class: "empty",
    in: "code",
    // Groq, Gemini
    patterns: [/^(tool_use|json_validate|output_parse)_failed$|MALFORMED_FUNCTION_CALL|UNEXPECTED_TOOL_CALL/i],
  },
  {
    class: "empty",
    in: "text",
    patterns: [
      /failed to call a function|failed to generate (JSON|tool_calls)|malformed function call/i, // Groq, Cerebras, Gemini
      /(failed to parse|error parsing|(could not|cannot|unable to) parse) (the )?(tool|function)[ _]call/i, // llama.cpp, Ollama
      /(tool|function) call(ing)? (parsing|validation) failed/i, // Groq
      /failed to parse input at pos \d+/i, // llama.cpp
      /model (produced|generated) (an? )?(invalid|malformed|output that could not)/i, // OpenAI, Bedrock
    ],
  },
];

const regionWords: readonly Words[] = [
  {
    class: "model_unavailable", // one model only, not the whole provider
    in: "text",
    on: refusalStatuses,
    patterns: [/model\b[^\n]{0,80} not (available|supported) in (your|this|the) [\w ]{0,20}(country|region|location)/i],
  },
  { class: "authentication", in: "code", patterns: [/unsupported_country/i] }, // OpenAI
  {
    class: "authentication",
    in: "text",
    on: [...refusalStatuses, 451],
    patterns: [
      /(location|country|region|territory)( is)? not (supported|available)/i, // Gemini, OpenAI
      /not (supported|available|allowed) (in|from) (your|unsupported) (countr|region|location)/i, // Anthropic, Bedrock
      /(incorrect|invalid) api key|api key (not valid|expired|is invalid)/i, // xAI, Gemini: rejected keys with a 400
      /(organization|account) has been (disabled|deactivated|suspended|restricted)/i, // Anthropic, OpenAI, Groq
    ],
  },
];

/** Wordings for a failing or overloaded server with the status of a rejected request. */
const serverWords: readonly Words[] = [
  {
    class: "server",
    in: "code",
    on: refusalStatuses,
    patterns: [/server_error|overloaded|ModelErrorException|ModelNotReady|ModelStreamError|^DEPLOYMENT_SCALING_UP$/i],
  },
  {
    class: "server",
    in: "text",
    on: refusalStatuses,
    patterns: [
      /out of memory|CUDA error|runner process (has terminated|no longer running)/i, // vLLM, TGI, Ollama
      /EngineCore encountered an issue|background loop has errored|internal server error/i, // vLLM, Anthropic
      /(failed|could not|unable) (to )?load (the )?model\b|model requires more system memory/i, // LM Studio, LocalAI, Ollama
      /rpc error: code = (Unavailable|Internal|Aborted|DataLoss)\b/, // Go's gRPC
      /DEPLOYMENT_SCALING_UP|deployment is scaling up|DEGRADED function cannot be invoked/i, // Fireworks, NVIDIA
      /model (runner )?has (crashed|unexpectedly stopped)|model (is )?unloaded|model reloaded/i, // LM Studio
      /(is )?currently (loading|overloaded)|model is (still )?loading|^(\d{3} )?loading model/im, // Hugging Face, llama.cpp
      /failed to get response from provider/i, // Cloudflare's gateway
      /model (is )?(too busy|overloaded)|no (available )?capacity|at capacity|maximum pending requests/i, // Ollama, Azure
    ],
  },
];

/** All wordings; the first match wins. The tests have a real error, with source, for every provider named. */
export const providerWords: readonly Words[] = [
  ...requestWords,
  ...tooLargeWords,
  ...overflowWords,
  ...freeTierWords,
  ...quotaWords,
  ...rateLimitWords,
  ...refusalWords,
  ...emptyWords,
  ...regionWords,
  ...modelWords,
  ...serverWords,
];
