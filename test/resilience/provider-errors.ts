import type { ErrorClass } from "../../src/errors/index.js";

/** Who an error comes from, the client it reaches us through, and where it was seen in public. */
export interface ProviderError {
  readonly of: string;
  /** @default "openai": the format most servers speak */
  readonly client?: "openai" | "anthropic" | "google" | "ollama";
  readonly status: number;
  /** The body as it is sent. */
  readonly body: unknown;
  readonly class: ErrorClass;
  /** Issue thread or documentation it is taken from. */
  readonly source: string;
}

const github = (thread: string) => `https://github.com/${thread}`;
const body = (message: string, code?: string | number | null, type = "invalid_request_error") => ({
  error: { message, type, param: null, code: code ?? null },
});
const anthropic = (message: string, type = "invalid_request_error") => ({ type: "error", error: { type, message } });
const google = (code: number, message: string, status: string) => ({ error: { code, message, status } });
const flat = (message: string, code: number, type = "BadRequestError") => ({ object: "error", message, type, code });

type Row = readonly [of: string, status: number, body: unknown, thread: string, client?: ProviderError["client"]];
const rows = (kind: ErrorClass, list: readonly Row[]): ProviderError[] =>
  list.map(([of, status, sent, thread, client = "openai"]) => {
    return { of, client, status, body: sent, class: kind, source: /^https:/.test(thread) ? thread : github(thread) };
  });

const overflow = rows("context_overflow", [
  [
    "OpenAI",
    400,
    body(
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 8227 tokens. Please reduce the length of the messages.",
      "context_length_exceeded",
    ),
    "crewAIInc/crewAI-examples/issues/121",
  ],
  [
    "OpenAI, without a code",
    400,
    body("Your input exceeds the context window of this model. Please adjust your input and try again."),
    "letta-ai/letta/issues/1963",
  ],
  [
    "Anthropic",
    400,
    anthropic("prompt is too long: 219898 tokens > 200000 maximum"),
    "earendil-works/pi/issues/102",
    "anthropic",
  ],
  [
    "Anthropic, prompt and answer",
    400,
    anthropic(
      "input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000, decrease input length or `max_tokens` and try again",
    ),
    "docker/docker-agent/issues/569",
    "anthropic",
  ],
  [
    "Gemini",
    400,
    google(
      400,
      "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
      "INVALID_ARGUMENT",
    ),
    "google-gemini/gemini-cli/issues/6678",
    "google",
  ],
  [
    "Gemini in OpenAI's format: a list",
    400,
    [
      google(
        400,
        "The input token count (154364) exceeds the maximum number of tokens allowed (131072).",
        "INVALID_ARGUMENT",
      ),
    ],
    "google-gemini/gemini-cli/issues/12469",
  ],
  [
    "Vertex AI",
    400,
    google(
      400,
      "Unable to submit request because the input token count is 1251952 but model only supports up to 1048576. Reduce the input token count and try again.",
      "INVALID_ARGUMENT",
    ),
    "google-gemini/gemini-cli/issues/19727",
    "google",
  ],
  [
    "Bedrock behind a gateway",
    400,
    body("The model returned the following errors: Input is too long for requested model."),
    "continuedev/continue/issues/9592",
  ],
  [
    "Cohere",
    400,
    {
      message:
        "too many tokens: total number of tokens (prompt and prediction) cannot exceed 2048 - received 6354. Try using a shorter prompt or a smaller max_tokens value.",
    },
    "cohere-ai/sandbox-topically/issues/4",
  ],
  [
    "Mistral",
    400,
    {
      object: "error",
      message:
        "Prompt contains 300000 tokens and 0 draft tokens, too large for model with 131072 maximum context length",
      type: "invalid_request_prompt",
      code: 3051,
    },
    "badlogic/pi-mono/blob/main/packages/ai/src/utils/overflow.ts",
  ],
  [
    "Groq",
    400,
    body("Please reduce the length of the messages or completion.", "context_length_exceeded"),
    "thepersonalaicompany/amurex-backend/issues/51",
  ],
  [
    "Together",
    422,
    body(
      "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2019 `inputs` tokens and 30 `max_new_tokens`",
    ),
    "stanford-crfm/helm/pull/2079",
  ],
  [
    "Fireworks",
    400,
    body("The prompt is too long: 209353, model maximum context length: 131071"),
    "entropy-research/Devon/issues/88",
  ],
  [
    "DeepSeek",
    400,
    body(
      "This model's maximum context length is 131072 tokens. However, you requested 131134 tokens (122942 in the messages, 8192 in the completion). Please reduce the length of the messages or completion.",
      "invalid_request_error",
    ),
    "evalstate/fast-agent/issues/621",
  ],
  [
    "xAI",
    400,
    {
      code: "Client specified an invalid argument",
      error: "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
    },
    "cline/cline/issues/3120",
  ],
  [
    "OpenRouter",
    400,
    {
      error: {
        message:
          'This endpoint\'s maximum context length is 131072 tokens. However, you requested about 141607 tokens (10535 of text input, 131072 in the output). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.',
        code: 400,
        metadata: { provider_name: "Chutes" },
      },
    },
    "Aider-AI/aider/issues/3721",
  ],
  [
    "vLLM",
    400,
    flat(
      "This model's maximum context length is 16384 tokens. However, you requested 19591 tokens (9591 in the messages, 10000 in the completion). Please reduce the length of the messages or completion. None",
      400,
    ),
    "vllm-project/vllm/issues/20409",
  ],
  [
    "vLLM, no room for an answer",
    400,
    flat("max_tokens must be at least 1, got -186.", 400),
    "vllm-project/vllm/issues/4667",
  ],
  [
    "TGI",
    422,
    {
      error: "Input validation error: `inputs` must have less than 1024 tokens. Given: 1168",
      error_type: "validation",
    },
    "huggingface/text-generation-inference/issues/695",
  ],
  [
    "Hugging Face",
    422,
    {
      error: {
        message:
          "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 8740 `inputs` tokens and 500 `max_new_tokens`",
        http_status_code: 422,
      },
    },
    "huggingface/huggingface_hub/issues/2763",
  ],
  [
    "llama.cpp",
    400,
    {
      error: {
        code: 400,
        message:
          "the request exceeds the available context size. try increasing the context size or enable context shift",
        type: "exceed_context_size_error",
        n_prompt_tokens: 14429,
        n_ctx: 8192,
      },
    },
    "oobabooga/textgen/issues/7257",
  ],
  [
    "llama.cpp before it had a status",
    500,
    {
      error: {
        code: 500,
        message:
          "the request exceeds the available context size. try increasing the context size or enable context shift",
        type: "server_error",
      },
    },
    "ggml-org/llama.cpp/pull/15780",
  ],
  ["llama-cpp-python", 400, body("Requested tokens (516) exceed context window of 512"), "rllm-team/rllm/issues/55"],
  [
    "Ollama",
    400,
    { error: "the input length exceeds the context length" },
    "nano-step/nano-brain/issues/208",
    "ollama",
  ],
  [
    "LM Studio",
    400,
    {
      error:
        "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input",
    },
    "lmstudio-ai/lmstudio-bug-tracker/issues/546",
  ],
  [
    "LM Studio, later",
    400,
    {
      error:
        "The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input",
    },
    "logancyang/obsidian-copilot/issues/962",
  ],
  [
    "SGLang",
    400,
    flat("The input (61709 tokens) is longer than the model's context length (40960 tokens).", 400),
    "QwenLM/Qwen3/issues/1321",
  ],
  [
    "SGLang, no memory for it",
    400,
    flat("Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).", 400),
    "sgl-project/sglang/issues/4048",
  ],
  [
    "TensorRT-LLM behind Triton",
    500,
    {
      error:
        "in ensemble 'ensemble', Encountered an error when fetching new request: Prompt length (200) exceeds maximum input length (1)",
    },
    "triton-inference-server/tensorrtllm_backend/issues/565",
  ],
  [
    "Cerebras",
    400,
    {
      message: "Please reduce the length of the messages or completion. Current length is 42328 while limit is 40000",
      type: "invalid_request_error",
      param: "messages",
      code: "context_length_exceeded",
    },
    "cline/cline/issues/5140",
  ],
  [
    "Moonshot",
    400,
    body("Invalid request: Your request exceeded model token limit: 262144 (requested: 287431)"),
    "BigPizzaV3/CodexPlusPlus/issues/1803",
  ],
  [
    "Alibaba",
    400,
    body(
      "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]",
      "invalid_parameter_error",
    ),
    "QwenLM/Qwen-Agent/issues/615",
  ],
  [
    "GPT4All behind LocalAI",
    500,
    body("ERROR: The prompt size exceeds the context window size and cannot be processed."),
    "nomic-ai/gpt4all/issues/664",
  ],
  [
    "Databricks",
    400,
    {
      error_code: "BAD_REQUEST",
      message: "prompt token count (9000) cannot exceed 8192. Please reduce the length of your prompt.",
    },
    "https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/limits",
  ],
  [
    "SiliconFlow",
    400,
    { code: 20015, message: "length of prompt_tokens (147509) must be less than max_seq_len (65536).", data: null },
    "CherryHQ/cherry-studio/issues/1131",
  ],
  [
    "a server with a limit on prompts",
    400,
    {
      code: 400,
      message: "number of input tokens (167594) has exceeded max_prompt_tokens (163840) limit.",
      data: null,
    },
    "RhythmicWave/NovelForge/issues/136",
  ],
  [
    "Baidu",
    400,
    { error_code: 336103, error_msg: "Prompt tokens too long", message: "prompt tokens too long" },
    "PaddlePaddle/ERNIE-SDK/issues/336",
  ],
  [
    "a trainer's server",
    400,
    body("Prompt length exceeds model's maximum token limit (4096)"),
    "hiyouga/EasyR1/issues/207",
  ],
]);

const tooLarge = rows("too_large", [
  [
    "OpenAI, a minute's share",
    429,
    body(
      "Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 132819. The input or output tokens must be reduced in order to run successfully.",
      "rate_limit_exceeded",
      "tokens",
    ),
    "fork-dev/TrackerWin/issues/2595",
  ],
  [
    "Groq, a minute's share",
    413,
    body(
      "Request too large for model `llama-3.3-70b-versatile` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Requested 14137, please reduce your message size and try again.",
      "rate_limit_exceeded",
      "tokens",
    ),
    "continuedev/continue/issues/10218",
  ],
  [
    "GitHub Models",
    413,
    {
      error: {
        code: "tokens_limit_reached",
        message: "Request body too large for gpt-4o model. Max size: 8000 tokens.",
        details: "Request body too large for gpt-4o model. Max size: 8000 tokens.",
      },
    },
    "eslint/tsc-meetings/pull/593",
  ],
  [
    "Anthropic, long prompts",
    429,
    anthropic("Extra usage is required for long context requests.", "rate_limit_error"),
    "anthropics/claude-code/issues/29584",
    "anthropic",
  ],
  [
    "OpenRouter, a key's share",
    402,
    {
      error: {
        message:
          "Prompt tokens limit exceeded: 230799 > 91442. To increase, visit https://openrouter.ai/settings/keys and create a key with a higher monthly limit",
        code: 402,
      },
    },
    "anomalyco/opencode/issues/12219",
  ],
  [
    "Anthropic, long prompts of a plan",
    400,
    anthropic("Usage credits are required for long context requests."),
    "nimbalyst/nimbalyst/issues/496",
    "anthropic",
  ],
  [
    "Gemini, bytes",
    400,
    google(400, "Request payload size exceeds the limit: 4194304 bytes.", "INVALID_ARGUMENT"),
    "google-gemini/deprecated-generative-ai-android/issues/26",
    "google",
  ],
  [
    "Gemini behind a gateway, bytes",
    413,
    body("Maximum request body size 1048576 exceeded, actual body size 1056562", 413),
    "google-gemini/gemini-cli/issues/13776",
  ],
]);

const money = rows("quota", [
  [
    "watsonx, the tokens of a plan",
    403,
    {
      errors: [{ code: "token_quota_reached", message: "Request of 1 token(s) from quota was rejected" }],
      trace: "ebeec5ab",
      status_code: 403,
    },
    "https://cloud.ibm.com/apidocs/watsonx-ai#text-chat",
  ],
  [
    "Anthropic",
    400,
    anthropic(
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    ),
    "anthropics/claude-code/issues/66314",
    "anthropic",
  ],
  [
    "Anthropic, a limit set by its owner",
    400,
    anthropic("You have reached your specified API usage limits. You will regain access on 2026-04-01 at 00:00 UTC."),
    "anthropics/claude-code/issues/38035",
    "anthropic",
  ],
  [
    "OpenAI, a hard limit",
    400,
    body("Billing hard limit has been reached", "billing_hard_limit_reached"),
    "bajrangCoder/acode-plugin-chatgpt/issues/19",
  ],
  [
    "xAI",
    403,
    {
      code: "The caller does not have permission to execute the specified operation",
      error:
        "Your team x has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.",
    },
    "warpdotdev/warp/issues/14863",
  ],
  [
    "xAI as a 429",
    429,
    {
      code: "Some resource has been exhausted",
      error: "Your team x has either used all available credits or reached its monthly spending limit.",
    },
    "continuedev/continue/issues/10373",
  ],
  [
    "DeepSeek",
    402,
    body("Insufficient Balance", "invalid_request_error", "unknown_error"),
    "continuedev/continue/issues/11387",
  ],
  [
    "Alibaba",
    400,
    body("Access denied, please make sure your account is in good standing.", "Arrearage", "Arrearage"),
    "hsliuping/TradingAgents-CN/issues/170",
  ],
  ["Volcengine", 403, body("Access denied due to overdue account"), "RooCodeInc/Roo-Code/issues/12309"],
  [
    "Zhipu",
    429,
    { error: { code: "1113", message: "余额不足或无可用资源包,请充值。" } },
    "agentscope-ai/QwenPaw/issues/202",
  ],
  [
    "Zhipu abroad",
    429,
    { error: { code: "1113", message: "Insufficient balance or no resource package. Please recharge." } },
    "zai-org/GLM-5/issues/148",
  ],
  [
    "Fireworks",
    412,
    {
      error: {
        message:
          "Account x is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices. Please go to https://fireworks.ai/account/billing for more information.",
        param: null,
        code: "PRECONDITION_FAILED",
        type: "error",
      },
    },
    "pollinations/pollinations/issues/12136",
  ],
  [
    "SiliconFlow",
    403,
    {
      code: 30011,
      message:
        "The selected model requires paid balance. Your paid balance is insufficient. Please top up and try again.",
      data: null,
    },
    "FoundationAgents/OpenManus/issues/438",
  ],
  [
    "Hugging Face",
    402,
    {
      error:
        "You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.",
    },
    "huggingface/agents-course/issues/386",
  ],
  [
    "OpenRouter",
    402,
    {
      error: {
        message:
          "This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 0.",
        code: 402,
      },
    },
    "anomalyco/opencode/issues/12219",
  ],
  [
    "OpenRouter's free models",
    429,
    {
      error: {
        message: "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
        code: 429,
      },
    },
    "cline/cline/issues/5301",
  ],
  [
    "LiteLLM",
    400,
    body("Budget has been exceeded! Current cost: 10.1, Max budget: 10.0", "400", "budget_exceeded"),
    "BerriAI/litellm/issues/20615",
  ],
  [
    "LiteLLM, without a type of its own",
    400,
    body("Budget has been exceeded! Current cost: 0.0010747, Max budget: 0.0", 400, "auth_error"),
    "BerriAI/litellm/issues/4208",
  ],
  [
    "Cloudflare",
    400,
    body("4006: you have used up your daily free allocation of 10,000 neurons"),
    "get-engram/engram/issues/34",
  ],
  [
    "Groq, a limit set by its owner",
    400,
    body("API access blocked. Spend alert threshold reached", "blocked_api_access"),
    "https://console.groq.com/docs/spend-limits",
  ],
  [
    "Anthropic, a plan",
    400,
    anthropic(
      "Third-party apps now draw from your extra usage, not your plan limits. Add more at claude.ai/settings/usage and keep going.",
    ),
    "anthropics/claude-code/issues/45911",
    "anthropic",
  ],
  [
    "Ollama's plans",
    429,
    { error: "you've reached your weekly usage limit, please wait or upgrade to continue" },
    "HomericIntelligence/Scylla/issues/346",
    "ollama",
  ],
  [
    "Gemini, paid in advance",
    429,
    google(
      429,
      "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.",
      "RESOURCE_EXHAUSTED",
    ),
    "dyad-sh/dyad/issues/3626",
    "google",
  ],
  [
    "GitHub Copilot, requests of a plan",
    403,
    body("You have exceeded your premium request allowance."),
    "earendil-works/pi/issues/3643",
  ],
  ["GitHub Copilot", 402, body("You have no quota", "quota_exceeded"), "earendil-works/pi/issues/3643"],
]);

const safety = rows("refusal", [
  [
    "Portkey, a guardrail that denies",
    446,
    body("The guardrail checks defined in the config failed.", null, "hooks_failed"),
    "https://portkey.ai/docs/product/guardrails/decisions-guardrails",
  ],
  [
    "OpenAI's reasoning models",
    400,
    body(
      "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt",
      "invalid_prompt",
    ),
    "alan-turing-institute/t0-1/issues/69",
  ],
  [
    "Azure",
    400,
    {
      error: {
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
        type: null,
        param: "prompt",
        code: "content_filter",
        status: 400,
        innererror: { code: "ResponsibleAIPolicyViolation" },
      },
    },
    "compl-ai/compl-ai/issues/20",
  ],
  [
    "Azure behind a gateway",
    400,
    body(
      "litellm.ContentPolicyViolationError: AzureException - The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      "400",
    ),
    "BerriAI/litellm/pull/16231",
  ],
  [
    "Anthropic",
    400,
    anthropic("Output blocked by content filtering policy"),
    "anthropics/claude-code/issues/58367",
    "anthropic",
  ],
  ["DeepSeek", 400, body("Content Exists Risk", "invalid_request_error"), "666ghj/BettaFish/issues/108"],
  ["DeepSeek, earlier", 400, { detail: "Content Exists Risk" }, "deepseek-ai/DeepSeek-V2/issues/30"],
  [
    "Alibaba",
    400,
    body("Input data may contain inappropriate content.", "data_inspection_failed", "data_inspection_failed"),
    "camel-ai/owl/issues/432",
  ],
  [
    "Alibaba, later",
    400,
    body("<400> InternalError.Algo.DataInspectionFailed: Input text data may contain inappropriate content."),
    "QwenLM/qwen-code/issues/2905",
  ],
  [
    "OpenAI's safety system",
    400,
    body("Your request was rejected as a result of our safety system."),
    "RanFeng/clipsketch-ai/issues/6",
  ],
  [
    "OpenAI, cyber abuse",
    400,
    body("This content can't be shown because it may be used for cyber abuse", "cyber_policy"),
    "openai/codex/issues/43131",
  ],
]);

const unreadable = rows("empty", [
  [
    "Groq",
    400,
    {
      error: {
        message: "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
        type: "invalid_request_error",
        code: "tool_use_failed",
        failed_generation: "web_search{",
      },
    },
    "huggingface/smolagents/issues/1119",
  ],
  [
    "Groq, without a code",
    400,
    body("Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details."),
    "anomalyco/opencode/issues/1018",
  ],
  [
    "llama.cpp",
    500,
    {
      error: {
        code: 500,
        message:
          "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] parse error at line 1, column 74: syntax error while parsing value",
        type: "server_error",
      },
    },
    "noonghunna/club-3090/issues/1195",
  ],
  [
    "llama.cpp, any form",
    500,
    { error: { code: 500, message: "Failed to parse input at pos 184: <tool_call>", type: "server_error" } },
    "pwilkin/llama.cpp/issues/5",
  ],
  [
    "Ollama",
    500,
    { error: "error parsing tool call: raw='{\"name\":\"Write\"' err=invalid character 'i' after top-level value" },
    "ollama/ollama/issues/12884",
    "ollama",
  ],
  [
    "Cerebras",
    400,
    body("Failed to generate tool_calls. Please adjust your prompt.", "wrong_api_format"),
    "vybestack/llxprt-code/issues/221",
  ],
]);

const models = rows("model_unavailable", [
  [
    "Groq, retired",
    400,
    body(
      "The model `llama-3.2-11b-vision-preview` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.",
      "model_decommissioned",
    ),
    "valentinfrlch/ha-llmvision/issues/324",
  ],
  [
    "Groq, retired, without a code",
    400,
    body("The model gemma2-9b-it has been decommissioned and is no longer supported."),
    "RightNow-AI/openfang/issues/834",
  ],
  [
    "OpenRouter, unknown",
    400,
    { error: { message: "google/gemini-2.0-pro-exp-02-05:free is not a valid model ID", code: 400 } },
    "maxnowack/anthropic-proxy/issues/4",
  ],
  [
    "OpenRouter, nobody serves it",
    404,
    { error: { message: "No endpoints found for stepfun/step-3.5-flash:free.", code: 404 } },
    "Alishahryar1/free-claude-code/issues/166",
  ],
  [
    "OpenRouter, nobody serves it with tools",
    404,
    { error: { message: "No endpoints found that support tool use.", code: 404 } },
    "lastmile-ai/mcp-agent/issues/237",
  ],
  [
    "Ollama, not pulled",
    404,
    { error: "model 'mistral' not found, try pulling it first" },
    "ollama/ollama/pull/718",
    "ollama",
  ],
  [
    "Ollama in OpenAI's format",
    404,
    body('model "ollama" not found, try pulling it first', null, "api_error"),
    "netease-youdao/QAnything/issues/555",
  ],
  [
    "Gemini, a model outside the free tier",
    429,
    {
      error: {
        code: 429,
        message:
          "You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro",
        status: "RESOURCE_EXHAUSTED",
        details: [{ violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }] }],
      },
    },
    "google-gemini/gemini-cli/issues/22486",
    "google",
  ],
  [
    "Ollama, another plan",
    403,
    { error: "this model requires a subscription, upgrade for access: https://ollama.com/upgrade" },
    "ollama/ollama/issues/15741",
    "ollama",
  ],
  [
    "Ollama, no tools",
    400,
    { error: "registry.ollama.ai/library/llama2:13b does not support tools" },
    "ItzCrazyKns/Vane/issues/1137",
    "ollama",
  ],
  [
    "vLLM",
    404,
    flat("The model `Qwen1.5-14B-Chat-GPTQ-Int8` does not exist.", 404, "NotFoundError"),
    "vllm-project/vllm/issues/3485",
  ],
  [
    "Azure",
    404,
    {
      error: {
        code: "DeploymentNotFound",
        message:
          "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
      },
    },
    "chatboxai/chatbox/issues/861",
  ],
  [
    "Gemini",
    404,
    google(
      404,
      "models/gemini-pro is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.",
      "NOT_FOUND",
    ),
    "wwardaww/gnome-gemini-ai/issues/22",
    "google",
  ],
  [
    "Vertex AI",
    404,
    [
      google(
        404,
        "Publisher Model `projects/1/locations/us-central1/publishers/google/models/x` was not found or your project does not have access to it. Please ensure you are using a valid model version.",
        "NOT_FOUND",
      ),
    ],
    "genkit-ai/genkit/issues/4688",
  ],
  ["DeepSeek", 400, body("Model Not Exist", "invalid_request_error"), "ConardLi/easy-dataset/issues/9"],
  [
    "Together",
    400,
    body(
      "Unable to access non-serverless model meta-llama/Llama-3-8b-chat-hf. Please visit https://api.together.ai/models/meta-llama/Llama-3-8b-chat-hf to create and start a new dedicated endpoint for the model.",
      "model_not_available",
    ),
    "HeyPuter/puter/issues/3168",
  ],
  [
    "Perplexity",
    400,
    {
      error: {
        message:
          "Invalid model 'llama-3-sonar-large-32k-online'. Permitted models can be found in the documentation at https://docs.perplexity.ai/docs/model-cards.",
        type: "invalid_model",
        code: 400,
      },
    },
    "bhdicaire/visioStencils/issues/3",
  ],
  [
    "LiteLLM",
    400,
    {
      error: {
        message: "400: {'error': 'Invalid model name passed in model=Lite-GPT-12'}",
        type: "None",
        param: "None",
        code: 400,
      },
    },
    "BerriAI/litellm/pull/3142",
  ],
  [
    "OpenAI and Groq, unknown or not this key's",
    404,
    body("The model `llama-3.1-405b-reasoning` does not exist or you do not have access to it.", "model_not_found"),
    "lobehub/lobehub/issues/3367",
  ],
  [
    "OpenAI, an unverified organization",
    400,
    {
      error: {
        message:
          "Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.",
        type: "invalid_request_error",
        param: "stream",
        code: "unsupported_value",
      },
    },
    "Lamb-Project/lamb/issues/54",
  ],
  [
    "OpenAI, an unverified organization, any use",
    404,
    body(
      "Your organization must be verified to use the model `gpt-5`. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.",
    ),
    "openai/openai-go/issues/565",
  ],
  [
    "OpenAI, a project without the model",
    403,
    body("Project `proj_x` does not have access to model `gpt-4o-mini`", "model_not_found"),
    "https://platform.openai.com/docs/guides/error-codes",
  ],
  [
    "Hugging Face, a plan",
    400,
    {
      error:
        "Model requires a Pro subscription; check out hf.co/pricing to learn more. Make sure to include your HF token in your query.",
    },
    "radareorg/r2ai/pull/65",
  ],
  [
    "vLLM, no tools",
    400,
    flat('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 400),
    "langchain4j/langchain4j/issues/3475",
  ],
  [
    "llama.cpp, no tools",
    500,
    { error: { code: 500, message: "tools param requires --jinja flag", type: "server_error" } },
    "containers/ramalama/issues/988",
  ],
  [
    "llama.cpp, no tools, behind a gateway",
    400,
    body("tools param requires --jinja flag"),
    "defilantech/LLMKube/issues/126",
  ],
  ["Ollama, no thoughts", 400, body('"llama3.1:8b" does not support thinking'), "Gitlawb/openclaude/issues/1371"],
  [
    "Bedrock, no tools in a stream",
    400,
    body("This model doesn't support tool use in streaming mode."),
    "earendil-works/pi/issues/3739",
  ],
  [
    "Gemma, no tools",
    400,
    [google(400, "Function calling is not enabled for models/gemma-3", "INVALID_ARGUMENT")],
    "BerriAI/litellm/issues/10313",
  ],
  [
    "Gemma, no system message",
    400,
    google(400, "Developer instruction is not enabled for models/gemma-3", "INVALID_ARGUMENT"),
    "microsoft/vscode/issues/258088",
    "google",
  ],
]);

const places = rows("authentication", [
  [
    "Gemini",
    400,
    google(400, "User location is not supported for the API use.", "FAILED_PRECONDITION"),
    "poenl/gemini-api/issues/4",
    "google",
  ],
  [
    "Gemini in OpenAI's format: a list",
    400,
    [google(400, "User location is not supported for the API use.", "FAILED_PRECONDITION")],
    "google-gemini/gemini-cli/issues/1614",
  ],
  [
    "Gemini behind OpenRouter",
    400,
    {
      error: {
        message: "Provider returned error",
        code: 400,
        metadata: {
          raw: '{\n "error": {\n "code": 400,\n "message": "User location is not supported for the API use.",\n "status": "FAILED_PRECONDITION"\n }\n}\n',
          provider_name: "Google AI Studio",
        },
      },
    },
    "langgenius/dify/issues/25946",
  ],
  [
    "OpenAI",
    403,
    {
      error: {
        code: "unsupported_country_region_territory",
        message: "Country, region, or territory not supported",
        param: null,
        type: "request_forbidden",
      },
    },
    "home-assistant/core/issues/120072",
  ],
]);

const breakdowns = rows("server", [
  ["a relay that gave up", 499, {}, "can1357/oh-my-pi/issues/11841"],
  [
    "a proxy of Gemini that gave up",
    499,
    google(499, "The operation was cancelled.", "CANCELLED"),
    "google-gemini/gemini-cli/pull/20432",
    "google",
  ],
  [
    "Cloudflare, a provider behind its gateway",
    400,
    {
      success: false,
      result: [],
      messages: [],
      error: [{ code: 2005, message: "Failed to get response from provider" }],
    },
    "cloudflare/ai/issues/436",
  ],
  [
    "Ollama, a queue that is full",
    503,
    { error: "server busy, please try again. maximum pending requests exceeded" },
    "https://github.com/ollama/ollama/blob/main/docs/faq.mdx",
    "ollama",
  ],
  [
    "Ollama, a crash",
    500,
    { error: "llama runner process has terminated: exit status 2" },
    "ollama/ollama/issues/8770",
    "ollama",
  ],
  [
    "Hugging Face, a cold model",
    503,
    { error: "Model meta-llama/Llama-2-13b-chat is currently loading", estimated_time: 20 },
    "huggingface/transformers/issues/32665",
  ],
  [
    "LM Studio, a crash",
    400,
    { error: "The model has crashed without additional information. (Exit code: 18446744072635810000)" },
    "lmstudio-ai/lmstudio-bug-tracker/issues/1620",
  ],
  [
    "vLLM",
    400,
    flat("EngineCore encountered an issue. See stack trace (above) for the root cause.", 400),
    "LMCache/LMCache/issues/2306",
  ],
  ["vLLM, earlier", 400, flat("Background loop has errored already.", 400), "vllm-project/vllm/issues/5060"],
  [
    "Anthropic",
    400,
    anthropic("Internal server error", "api_error"),
    "anthropics/claude-code/issues/47464",
    "anthropic",
  ],
  [
    "LM Studio, a model that does not load",
    400,
    body('Failed to load model "x". Error: Error loading model.'),
    "lmstudio-ai/lmstudio-bug-tracker/issues/1078",
  ],
  [
    "Ollama, no memory",
    400,
    body("model requires more system memory (9.0 GiB) than is available (4.0 GiB)"),
    "ollama/ollama/issues/10920",
  ],
  ["LocalAI", 400, body("rpc error: code = Unknown desc = could not load model"), "mudler/LocalAI/issues/2692"],
  [
    "LocalAI, Go's gRPC",
    400,
    body("rpc error: code = Unavailable desc = error reading from server: EOF"),
    "mudler/LocalAI/issues/950",
  ],
  [
    "Fireworks, a code",
    400,
    body("Please retry", "DEPLOYMENT_SCALING_UP"),
    "https://docs.fireworks.ai/guides/ondemand-deployments",
  ],
  [
    "Fireworks",
    400,
    body("Model is not ready: deployment is scaling up"),
    "https://docs.fireworks.ai/guides/ondemand-deployments",
  ],
  [
    "NVIDIA",
    400,
    body("Function id 'abc': DEGRADED function cannot be invoked"),
    "https://docs.nvidia.com/cloud-functions/index.html",
  ],
]);

const limits = rows("rate_limit", [
  [
    "Groq",
    429,
    body(
      "Rate limit reached for model `llama-3.1-8b-instant` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s.",
      "rate_limit_exceeded",
      "tokens",
    ),
    "elizaOS/eliza/issues/4040",
  ],
  [
    "Bedrock behind a gateway",
    429,
    body("Too many tokens, please wait before trying again."),
    "anthropics/claude-code/issues/236",
  ],
  [
    "Anthropic",
    429,
    anthropic("This request would exceed your account's rate limit. Please try again later.", "rate_limit_error"),
    "anthropics/claude-code/issues/55789",
    "anthropic",
  ],
  [
    "Bedrock",
    400,
    { __type: "ThrottlingException", message: "Too many requests, please wait before trying again." },
    "kirodotdev/Kiro/issues/8113",
  ],
  [
    "LiteLLM, all of them cooling down",
    400,
    body("No deployments available for selected model, Try again in 60 seconds.", "429"),
    "BerriAI/litellm/issues/5177",
  ],
  [
    "Mistral",
    400,
    {
      object: "error",
      message: "Service tier capacity exceeded for this model.",
      type: "invalid_request_error",
      param: null,
      code: null,
    },
    "continuedev/continue/issues/6185",
  ],
]);

export const providerErrors: readonly ProviderError[] = [
  ...overflow,
  ...tooLarge,
  ...money,
  ...safety,
  ...unreadable,
  ...models,
  ...places,
  ...breakdowns,
  ...limits,
];

/** Requests another model would refuse too: the run stops, and shows whose mistake it is. */
export const mistakes: readonly ProviderError[] = rows("invalid_request", [
  [
    "OpenAI, a parameter of other models",
    400,
    {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: "invalid_request_error",
        param: "max_tokens",
        code: "unsupported_parameter",
      },
    },
    "owndev/Open-WebUI-Functions/issues/136",
  ],
  [
    "OpenAI, a longer answer than there is",
    400,
    body(
      "max_tokens is too large: 6000. This model supports at most 4096 completion tokens, whereas you provided 6000.",
    ),
    "diffbot/code-gpt-docs/issues/284",
  ],
  [
    "TGI, a longer answer than there is",
    422,
    { error: "Input validation error: `max_new_tokens` must be <= 192. Given: 500", error_type: "validation" },
    "huggingface/transformers/issues/28523",
  ],
  [
    "Bedrock, a longer answer than there is",
    400,
    { message: "The maximum tokens you requested exceeds the model limit of 32768" },
    "charmbracelet/crush/issues/946",
  ],
  [
    "DeepSeek, thoughts left out",
    400,
    body("The `reasoning_content` in the thinking mode must be passed back to the API.", "invalid_request_error"),
    "bkywksj/knowledge-base/issues/12",
  ],
  [
    "DeepSeek, an unknown role",
    400,
    body(
      "Failed to deserialize the JSON body into the target type: messages[1].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`, `latest_reminder` at line 1 column 51036",
      "invalid_request_error",
    ),
    "decolua/9router/issues/773",
  ],
  [
    "Bedrock, a malformed request",
    400,
    body("Malformed input request: 2 schema violations found, please reformat your input and try again."),
    "langchain-ai/langchain/issues/2828",
  ],
  ["Groq, a tool that is not there", 400, body("requested tool does not exist"), "BerriAI/litellm/issues/11001"],
  ...(
    [
      [
        "OpenAI, temperature",
        400,
        body(
          "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
          "decimal_above_max_value",
        ),
      ],
      [
        "OpenAI, a value of other models",
        400,
        body(
          "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
          "unsupported_value",
        ),
      ],
      [
        "OpenAI, a schema",
        400,
        body(
          "Invalid schema for function 'search': In context=('properties', 'q'), 'additionalProperties' is required to be supplied and to be false.",
          "invalid_function_parameters",
        ),
      ],
      [
        "OpenAI, an image",
        400,
        body(
          "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
          "invalid_image_format",
        ),
      ],
      [
        "OpenAI, an image's address",
        400,
        body("Error while downloading https://example.org/a.png.", "invalid_image_url"),
      ],
      [
        "OpenAI, tool results without calls",
        400,
        body(
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
        ),
      ],
      [
        "OpenAI, calls without results",
        400,
        body(
          "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
        ),
      ],
      ["OpenAI, an unknown field", 400, body("Unrecognized request argument supplied: contextWindow")],
      [
        "OpenAI, metadata",
        400,
        body(
          "Invalid 'metadata.note': string too long. Expected a string with maximum length 512, but got a string with length 600 instead.",
          "string_above_max_length",
        ),
      ],
      [
        "OpenAI, too many stops",
        400,
        body(
          "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
          "array_above_max_length",
        ),
      ],
      [
        "OpenAI, JSON mode",
        400,
        body("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
      ],
      ["vLLM, temperature", 400, flat("temperature must be non-negative, got -1.0.", 400)],
      ["vLLM, roles", 400, flat("Conversation roles must alternate user/assistant/user/assistant/...", 400)],
      ["a server with limits", 422, body("temperature must be within limits: 0 to 1", null)],
      ["a server with a context of its own", 400, body("Field 'context' is not a valid option for this request")],
    ] as const
  ).map(([of, status, sent]): Row => [of, status, sent, "https://platform.openai.com/docs/guides/error-codes"]),
  ...(
    [
      ["a file named after a model", "Invalid image data: file 'model.png' not found"],
      ["a tool and models", "Tool choice: function 'delete_model' not found in tools. models must be given."],
      [
        "an address with a model",
        "Error while downloading https://x.com/model.png: file does not exist",
        "invalid_image_url",
      ],
      [
        "an address with a model, without a code",
        "Error while downloading https://x.com/model.png: file does not exist",
      ],
      ["a tool named after a model", "tool_choice: function 'delete_model' not found in tools"],
      ["a document named after a model", "File 'car-model.pdf' not found"],
      ["a document named after a model, unquoted", "File car-model.pdf not found"],
      ["a property", "tools.0.input_schema: JSON schema is invalid. property 'model' does not exist"],
      ["a property, unquoted", "tools.0.input_schema: JSON schema is invalid. property model does not exist"],
      ["a field", "Unknown name \"model\" at 'contents[0]': Cannot find field, field not found"],
      ["an echo of a model", "Invalid value for messages[0].content: 'the model was removed'"],
      ["an echo of a model with its code", "Invalid value: the model gpt-9 does not exist", "invalid_value"],
      ["an echo with an apostrophe", "Invalid value for messages[0].content: 'I don't know why the model was removed'"],
      ["an echo of a limit", "messages.0.content: Invalid input: got 'this prompt is too long maybe'"],
      ["a picture that is too large", "messages.0: Input image size exceeds the limit of 5 MB"],
      ["a long name of a tool", "tools.0.function.name: input length exceeds 64 characters for a tool name"],
      ["a temperature of others", "temperature exceeds the maximum of 1 for this model"],
      ["a tool that buys", "Invalid parameter: tools[0].function.name 'purchase credits'"],
      ["a tool that pays", "Invalid 'tools[1].function.name': 'check_credit balance is insufficient'"],
    ] as const
  ).map(
    ([of, message, code]): Row => [of, 400, body(message, code), "https://platform.openai.com/docs/guides/error-codes"],
  ),
  [
    "Anthropic, max_tokens",
    400,
    anthropic(
      "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-sonnet-20241022",
    ),
    "https://docs.anthropic.com/en/api/errors",
    "anthropic",
  ],
  [
    "Anthropic, an empty message",
    400,
    anthropic("messages.0: all messages must have non-empty content except for the optional final assistant message"),
    "https://docs.anthropic.com/en/api/errors",
    "anthropic",
  ],
  [
    "Anthropic, an ending",
    400,
    anthropic("This model does not support assistant message prefill. The conversation must end with a user message."),
    "https://docs.anthropic.com/en/api/errors",
    "anthropic",
  ],
  [
    "Anthropic, tool results without calls",
    400,
    anthropic(
      "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
    ),
    "https://github.com/decocms/studio/issues/1803",
    "anthropic",
  ],
  [
    "Gemini, roles",
    400,
    google(
      400,
      "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      "INVALID_ARGUMENT",
    ),
    "https://ai.google.dev/gemini-api/docs/troubleshooting",
    "google",
  ],
  [
    "Gemini, an unknown field",
    400,
    google(
      400,
      "Invalid JSON payload received. Unknown name \"contextLimit\" at 'generation_config': Cannot find field.",
      "INVALID_ARGUMENT",
    ),
    "https://ai.google.dev/gemini-api/docs/troubleshooting",
    "google",
  ],
  [
    "Ollama, options",
    400,
    { error: 'option "num_ctx" must be of type integer' },
    "https://github.com/ollama/ollama/blob/main/docs/api.md",
    "ollama",
  ],
]);
