/**
 * Names of the GenAI conventions of OpenTelemetry (semantic-conventions 1.45, "incubating"), without `ATTR_` and `METRIC_`. They are
 * copied, as OpenTelemetry recommends for names that are not stable, so that tracing needs no package beside the API.
 */
export const conventions = {
  ERROR_TYPE: "error.type",
  EXCEPTION_MESSAGE: "exception.message",
  EXCEPTION_TYPE: "exception.type",
  SESSION_ID: "session.id",
  GEN_AI_AGENT_NAME: "gen_ai.agent.name",
  GEN_AI_CONVERSATION_ID: "gen_ai.conversation.id",
  GEN_AI_INPUT_MESSAGES: "gen_ai.input.messages",
  GEN_AI_OPERATION_NAME: "gen_ai.operation.name",
  GEN_AI_OUTPUT_MESSAGES: "gen_ai.output.messages",
  GEN_AI_PROVIDER_NAME: "gen_ai.provider.name",
  GEN_AI_REQUEST_MAX_TOKENS: "gen_ai.request.max_tokens",
  GEN_AI_REQUEST_MODEL: "gen_ai.request.model",
  GEN_AI_REQUEST_SEED: "gen_ai.request.seed",
  GEN_AI_REQUEST_TEMPERATURE: "gen_ai.request.temperature",
  GEN_AI_REQUEST_TOP_P: "gen_ai.request.top_p",
  GEN_AI_RESPONSE_FINISH_REASONS: "gen_ai.response.finish_reasons",
  GEN_AI_RESPONSE_MODEL: "gen_ai.response.model",
  GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: "gen_ai.response.time_to_first_chunk",
  GEN_AI_TOKEN_TYPE: "gen_ai.token.type",
  GEN_AI_TOOL_CALL_ARGUMENTS: "gen_ai.tool.call.arguments",
  GEN_AI_TOOL_CALL_ID: "gen_ai.tool.call.id",
  GEN_AI_TOOL_CALL_RESULT: "gen_ai.tool.call.result",
  GEN_AI_TOOL_NAME: "gen_ai.tool.name",
  GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: "gen_ai.usage.cache_creation.input_tokens",
  GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: "gen_ai.usage.cache_read.input_tokens",
  GEN_AI_USAGE_INPUT_TOKENS: "gen_ai.usage.input_tokens",
  GEN_AI_USAGE_OUTPUT_TOKENS: "gen_ai.usage.output_tokens",
  GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: "gen_ai.usage.reasoning.output_tokens",
  GEN_AI_WORKFLOW_NAME: "gen_ai.workflow.name",
  GEN_AI_CLIENT_OPERATION_DURATION: "gen_ai.client.operation.duration",
  GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK: "gen_ai.client.operation.time_to_first_chunk",
  GEN_AI_CLIENT_TOKEN_USAGE: "gen_ai.client.token.usage",
} as const;

/** Operations of the GenAI conventions, without `GEN_AI_OPERATION_NAME_VALUE_`. */
export const operations = {
  CHAT: "chat",
  EMBEDDINGS: "embeddings",
  EXECUTE_TOOL: "execute_tool",
  INVOKE_AGENT: "invoke_agent",
  INVOKE_WORKFLOW: "invoke_workflow",
  RETRIEVAL: "retrieval",
} as const;

/** Names of the OpenInference conventions 2.12, which Phoenix reads. */
export const openInference = {
  OPENINFERENCE_SPAN_KIND: "openinference.span.kind",
  AGENT_NAME: "agent.name",
  GRAPH_NODE_ID: "graph.node.id",
  INPUT_MIME_TYPE: "input.mime_type",
  INPUT_VALUE: "input.value",
  LLM_COST_TOTAL: "llm.cost.total",
  LLM_FINISH_REASON: "llm.finish_reason",
  LLM_INPUT_MESSAGES: "llm.input_messages",
  LLM_INVOCATION_PARAMETERS: "llm.invocation_parameters",
  LLM_MODEL_NAME: "llm.model_name",
  LLM_OUTPUT_MESSAGES: "llm.output_messages",
  LLM_PROVIDER: "llm.provider",
  LLM_TOKEN_COUNT_COMPLETION: "llm.token_count.completion",
  LLM_TOKEN_COUNT_COMPLETION_DETAILS_AUDIO: "llm.token_count.completion_details.audio",
  LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING: "llm.token_count.completion_details.reasoning",
  LLM_TOKEN_COUNT_PROMPT: "llm.token_count.prompt",
  LLM_TOKEN_COUNT_PROMPT_DETAILS_AUDIO: "llm.token_count.prompt_details.audio",
  LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ: "llm.token_count.prompt_details.cache_read",
  LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE: "llm.token_count.prompt_details.cache_write",
  LLM_TOKEN_COUNT_TOTAL: "llm.token_count.total",
  MESSAGE_CONTENT: "message.content",
  MESSAGE_ROLE: "message.role",
  MESSAGE_TOOL_CALL_ID: "message.tool_call_id",
  MESSAGE_TOOL_CALLS: "message.tool_calls",
  OUTPUT_MIME_TYPE: "output.mime_type",
  OUTPUT_VALUE: "output.value",
  SESSION_ID: "session.id",
  TAG_TAGS: "tag.tags",
  TOOL_CALL_FUNCTION_ARGUMENTS_JSON: "tool_call.function.arguments",
  TOOL_CALL_FUNCTION_NAME: "tool_call.function.name",
  TOOL_CALL_ID: "tool_call.id",
  TOOL_NAME: "tool.name",
} as const;

/** Kinds of span in the OpenInference conventions. */
export type SpanRole = "AGENT" | "CHAIN" | "EMBEDDING" | "EVALUATOR" | "LLM" | "RETRIEVER" | "TOOL";

/** Names of the facts that only this library has. */
export const own = {
  attempt: "multimodel.attempt",
  cost: "multimodel.cost",
  decisions: "multimodel.decisions",
  entry: "multimodel.entry",
  errors: "multimodel.errors",
  estimated: "multimodel.estimated",
  hedge: "multimodel.hedge",
  path: "multimodel.path",
  paused: "multimodel.paused",
  queuedMs: "multimodel.queued_ms",
  retryWaitMs: "multimodel.retry_wait_ms",
  role: "multimodel.role",
  status: "multimodel.status",
  turn: "multimodel.turn_id",
  // plain names, which dashboards of other orchestrators use
  costUsd: "cost_usd",
  latencyMs: "latency_ms",
  tokens: "tokens_used",
  /** Read by Langfuse and others; the conventions have no name for a cost. */
  usageCost: "gen_ai.usage.cost",
} as const;
