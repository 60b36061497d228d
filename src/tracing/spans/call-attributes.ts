import type { Attributes } from "@opentelemetry/api";
import type { ModelCall } from "../../ledger/model-call.js";
import { conventions as genAi, openInference, operations, own, type SpanRole } from "./names.js";

/** Provider names of the GenAI conventions by those of LangChain's clients. */
const providers: Readonly<Record<string, string>> = {
  azure: "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  amazon_bedrock: "aws.bedrock",
  google_genai: "gcp.gemini",
  google_vertexai: "gcp.vertex_ai",
  mistral: "mistral_ai",
  xai: "x_ai",
};

/** Returns the provider of a call under its name in the GenAI conventions. */
export function providerNamed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : (providers[name] ?? name);
}

/** Returns the operation of a call in the GenAI conventions. */
export function operationOf({ role }: Pick<ModelCall, "role">): string {
  return role === "embedding" ? operations.EMBEDDINGS : operations.CHAT;
}

/** Returns the name of the span of a call. */
export function callName(call: Pick<ModelCall, "role" | "model">): string {
  return `${operationOf(call)} ${call.model}`;
}

/** Returns what is known of a call as it begins. */
export function beginningAttributes(call: ModelCall, provider: string | undefined): Attributes {
  const kind: SpanRole = call.role === "embedding" ? "EMBEDDING" : "LLM";
  return {
    [openInference.OPENINFERENCE_SPAN_KIND]: kind,
    [openInference.LLM_MODEL_NAME]: call.model,
    [openInference.LLM_PROVIDER]: provider,
    [genAi.GEN_AI_OPERATION_NAME]: operationOf(call),
    [genAi.GEN_AI_REQUEST_MODEL]: call.model,
    [genAi.GEN_AI_PROVIDER_NAME]: provider,
    [own.entry]: call.node,
    [own.path]: call.path,
    [own.role]: call.role,
    [own.attempt]: call.attempt,
    [own.hedge]: call.hedge,
    [own.turn]: call.turnId || undefined,
  };
}

/** Returns what the ledger says of a call that ended. */
export function endAttributes(call: ModelCall): Attributes {
  const { usage, costUsd, timeToFirstTokenMs, error } = call;
  const firstTokenS = timeToFirstTokenMs === undefined ? undefined : timeToFirstTokenMs / 1000;
  const total = usage && usage.inputTokens + usage.outputTokens;
  return {
    [own.status]: call.status,
    [own.estimated]: call.estimated,
    [own.latencyMs]: call.latencyMs,
    [own.queuedMs]: call.queuedMs,
    [own.retryWaitMs]: call.retryWaitMs,
    [own.tokens]: total,
    [own.costUsd]: costUsd ?? undefined,
    [own.usageCost]: costUsd ?? undefined,
    [openInference.LLM_COST_TOTAL]: costUsd ?? undefined,
    [genAi.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: firstTokenS,
    [genAi.ERROR_TYPE]: error?.class,
    [genAi.GEN_AI_USAGE_INPUT_TOKENS]: usage?.inputTokens,
    [genAi.GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
    [genAi.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cacheReadTokens,
    [genAi.GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: usage?.cacheWriteTokens,
    [genAi.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.reasoningTokens,
    [openInference.LLM_TOKEN_COUNT_PROMPT]: usage?.inputTokens,
    [openInference.LLM_TOKEN_COUNT_COMPLETION]: usage?.outputTokens,
    [openInference.LLM_TOKEN_COUNT_TOTAL]: total,
    [openInference.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ]: usage?.cacheReadTokens,
    [openInference.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE]: usage?.cacheWriteTokens,
    [openInference.LLM_TOKEN_COUNT_PROMPT_DETAILS_AUDIO]: usage?.audioInputTokens,
    [openInference.LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING]: usage?.reasoningTokens,
    [openInference.LLM_TOKEN_COUNT_COMPLETION_DETAILS_AUDIO]: usage?.audioOutputTokens,
  };
}
