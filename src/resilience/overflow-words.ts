import type { ErrorClass } from "../errors/index.js";

/** Wordings of providers and servers that decide the class of an error before its HTTP status does. */
export interface Words {
  readonly class: ErrorClass;
  /** Whether the patterns match codes or message text. */
  readonly in: "code" | "text";
  /** HTTP statuses the patterns apply to; errors without a status always match. @default all */
  readonly on?: readonly number[];
  /** True to match quoted text as well. @default quotations are replaced by `''` */
  readonly quotes?: boolean;
  readonly patterns: readonly RegExp[];
}

const quoting: readonly RegExp[] = [
  /^(\d{3} )?invalid '(messages|input)[^']*(content|text)[^']*': string too long/im, // OpenAI
  /`?inputs`? tokens \+ `?max_new_tokens`? must be <=|`inputs` must have less than \d+ tokens/i, // TGI, Together, Hugging Face
];

const patterns: readonly RegExp[] = [
  // OpenAI, Azure, vLLM, SGLang, DeepSeek, Mistral, OpenRouter
  /maximum context (length|size|window)/i,
  // OpenAI (Responses), Anthropic, llama.cpp, llama-cpp-python, Ollama, LocalAI, Cloudflare
  /exceed(s|ed)? (the |this )?((model'?s?|available|maximum|max) )*context (window|length|limit|size)/i,
  /context (window|length|size) (has been )?exceed(s|ed)/i, // MiniMax, LocalAI
  /input tokens exceed the configured limit/i, // OpenAI
  /prompt (is )?too long|too long to fit into the model/i, // Anthropic, Fireworks, Ollama, vLLM
  /maximum prompt length is \d/i, // xAI
  /input token count[\s\S]{0,40}exceeds the maximum/i, // Gemini
  /input token count is \d+ but (the )?model only supports/i, // Vertex AI
  /input is too long\b|expected maxLength: \d+, actual: \d+/i, // Bedrock
  /too many (input )?tokens(?![^.]{0,20}(please wait|per (day|minute)))/i, // Cohere; Bedrock's limits over time say "please wait"
  /reduce the length of the messages/i, // Groq, Cerebras
  /tokens to keep from the initial prompt is greater than the context length/i, // LM Studio
  /trying to keep the first \d+ tokens when context the overflows/i, // LM Studio
  /longer than the (model'?s context length|maximum model length)/i, // SGLang, vLLM
  /input length [\s\S]{0,30}exceeds the maximum allowed length/i, // SGLang
  /max_tokens must be at least 1, got -\d/i, // vLLM: the prompt leaves no room
  /prompt length \(\d+\) exceeds maximum (input|sequence) length/i, // TensorRT-LLM behind Triton
  /exceeded model token limit|but the configured context size is/i, // Moonshot, ds4
  /range of input length should be/i, // Alibaba
  /prompt exceeds max(imum)? length/i, // Zhipu
  /prompt token count of \d+ exceeds the limit of \d+/i, // GitHub Copilot
  /prompt token count \(?\d+\)? cannot exceed \d+/i, // Databricks
  /input tokens \d+ cannot exceed the total tokens limit/i, // watsonx
  /(exceeds?|exceeded|greater than|longer than|less than)( the)? `?max_(seq|model|prompt|context|input)_(len|length|tokens)\b/i, // vLLM, SiliconFlow, TabbyAPI
  /max(imum)? length of (the )?(prompt|input|context)\b|超长|(输入|上下文)[^\n]{0,12}(超过|超出|过长)/i, // Baidu, Zhipu
  // any server: "prompt tokens too long", "input length exceeds the limit"; not of an image or another part
  /\b(prompt|input|context)s?(?![^.\n]{0,60}\b(image|audio|video|file|document|schema|name|tool|metadata)s?\b)[ _]([\w-]+ ){0,2}(tokens?|length|size)[^.\n]{0,40}\b(exceed(s|ed)?|(greater|longer|larger|more) than|too (long|large|big))\b/i,
  /\b(prompt|input) exceeds?( the)?( \w+){0,3} (tokens?|length|window|context)\b|\btotal tokens exceed|PromptExceedsTokenLimit/i,
];

/** Wordings for a prompt longer than the context window; with a 429 they mean a limit over time. */
export const overflowWords: readonly Words[] = [
  {
    class: "context_overflow",
    in: "code",
    patterns: [/context_length|context_overflow|context_window|exceed_context_size|PromptExceedsTokenLimit/i],
  },
  { class: "context_overflow", in: "text", on: [400, 413, 422, 500], patterns },
  { class: "context_overflow", in: "text", on: [400, 413, 422, 500], quotes: true, patterns: quoting },
];
