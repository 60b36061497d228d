import type { Serialized } from "@langchain/core/load/serializable";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { isGraphBubbleUp } from "@langchain/langgraph";
import type { Attributes } from "@opentelemetry/api";
import { tracedCall } from "../../langgraph/trace-marks.js";
import { closeLine, failLine, noteFirstToken, openLine, settleHit, settleLine } from "../../ledger/line.js";
import { addressIn, localPrice } from "../../ledger/local-price.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { lookUpPrice } from "../../ledger/price.js";
import { kindNamed } from "../../models/client-kinds.js";
import { classifyError } from "../../resilience/classify-error.js";
import { shownName } from "../../secrets/redact.js";
import { beginningAttributes, callName, providerNamed } from "./call-attributes.js";
import { conversationIn, inputAttributes, inputValue, outputAttributes, outputValue } from "./content-attributes.js";
import { conventions as genAi, openInference, operations } from "./names.js";
import type { RunSpans } from "./run-spans.js";
import { commonAttributes, tagsOf } from "./step-spans.js";

/** A call of a chat model as LangChain's callbacks report it. */
interface BeginningCall {
  readonly model: Serialized;
  readonly messages: readonly BaseMessage[];
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly extra: Record<string, unknown>;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly name?: string | undefined;
}

/** Spans of calls of chat models. */
export class CallSpans {
  constructor(
    private readonly spans: RunSpans,
    private readonly content: boolean,
  ) {}

  begin(call: BeginningCall): void {
    if (call.metadata?.multimodel_chat_model === true) this.beginPattern(call);
    else this.beginCall(call);
  }

  /** Opens the span of a pattern that is called as a chat model; the calls below it have the tokens. */
  private beginPattern({ model, messages, id, parentId, metadata = {}, tags = [] }: BeginningCall): void {
    const name = shownName(model.id.at(-1) ?? "pattern");
    const attributes = () => ({
      ...commonAttributes("CHAIN", metadata),
      [genAi.GEN_AI_OPERATION_NAME]: operations.INVOKE_WORKFLOW,
      [genAi.GEN_AI_WORKFLOW_NAME]: name,
      [openInference.TAG_TAGS]: tagsOf(tags),
      ...(this.content && inputValue(conversationIn({ messages }))),
    });
    this.spans.begin({ id, parentId, name: `${operations.INVOKE_WORKFLOW} ${name}`, attributes });
  }

  private beginCall(begun: BeginningCall): void {
    const { messages, id, parentId, extra, tags = [], metadata = {} } = begun;
    const claimed = this.spans.claim(id, parentId);
    const call = claimed ?? outsideCall(begun);
    const provider = providerNamed(tracedCall(metadata).provider);
    const run = this.spans.begin({
      ...{ id, parentId, name: callName(call), provider, isRequest: true },
      attributes: () => ({
        ...commonAttributes("LLM", metadata),
        ...beginningAttributes(call, provider),
        ...parametersIn(extra),
        [openInference.TAG_TAGS]: tagsOf(tags),
        ...(this.content && inputAttributes(messages)),
      }),
    });
    Object.assign(run, { call, isOutside: claimed === undefined });
  }

  noteToken(id: string): void {
    const { call, isOutside } = this.spans.find(id) ?? {};
    if (call !== undefined && isOutside === true) noteFirstToken(call);
  }

  end(id: string, { generations, llmOutput }: LLMResult): void {
    const run = this.spans.find(id);
    const { message } = (generations[0]?.[0] ?? {}) as { readonly message?: AIMessage };
    if (run === undefined) return;
    const isCall = run.call !== undefined;
    this.spans.end(run, () => ({
      ...(isCall && message !== undefined && servedAttributes(message)),
      ...(this.content &&
        message !== undefined &&
        (isCall ? outputAttributes(message, reasonOf(message)) : outputValue(message))),
    }));
    this.settle(id, (call) =>
      llmOutput?.cached === true ? settleHit(call) : settleLine(call, message, call.price ?? null),
    );
  }

  fail(id: string, error: unknown): void {
    const run = this.spans.find(id);
    if (run === undefined) return;
    if (isGraphBubbleUp(error)) this.spans.pause(run);
    else this.spans.fail(run, error);
    this.settle(id, (call) =>
      failLine(call, error, classifyError(error), call.timeToFirstTokenMs === undefined ? undefined : ""),
    );
  }

  /** Ends the line of a call that is in no ledger, unless an agent's ledger has taken it over. */
  private settle(id: string, how: (call: ModelCall) => void): void {
    const { call, isOutside } = this.spans.find(id) ?? {};
    if (call === undefined || isOutside !== true) return;
    how(call);
    closeLine(call, { silent: true });
    this.spans.settle(call);
  }
}

/** Opens a line for a call that no pattern makes. */
function outsideCall({ model, messages, id, metadata = {}, name }: BeginningCall): ModelCall {
  const { node = name ?? "", model: traced, provider } = tracedCall(metadata);
  const modelId = traced ?? String(model.id?.at(-1));
  const hosting = kindNamed(provider)?.hosting;
  const price = localPrice({ hosting, modelId, apiUrl: addressIn(model) }) ?? lookUpPrice(modelId);
  const of = { model: modelId, prompt: messages, price, id };
  return openLine({ path: node, node, turnId: "", role: "answer" }, of);
}

/** Returns the numbers that a call was made with; texts may hold keys. */
function parametersIn({ invocation_params }: Record<string, unknown>): Attributes {
  const { temperature, max_tokens, maxTokens, top_p, topP, seed } = Object(invocation_params) as Record<
    string,
    unknown
  >;
  const given = { temperature, max_tokens: max_tokens ?? maxTokens, top_p: top_p ?? topP, seed };
  const numbers = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "number")) as Record<
    string,
    number
  >;
  if (Object.keys(numbers).length === 0) return {};
  return {
    [genAi.GEN_AI_REQUEST_TEMPERATURE]: numbers.temperature,
    [genAi.GEN_AI_REQUEST_MAX_TOKENS]: numbers.max_tokens,
    [genAi.GEN_AI_REQUEST_TOP_P]: numbers.top_p,
    [genAi.GEN_AI_REQUEST_SEED]: numbers.seed,
    [openInference.LLM_INVOCATION_PARAMETERS]: JSON.stringify(numbers),
  };
}

/** Returns what the provider says of an answer. */
function servedAttributes(message: AIMessage): Attributes {
  const { model_name: model } = Object(message.response_metadata) as { readonly model_name?: unknown };
  const reason = reasonOf(message);
  return {
    [genAi.GEN_AI_RESPONSE_MODEL]: typeof model === "string" ? shownName(model) : undefined,
    [genAi.GEN_AI_RESPONSE_FINISH_REASONS]: reason === undefined ? undefined : [reason],
    [openInference.LLM_FINISH_REASON]: reason,
  };
}

/** Reads why an answer ended, as the provider's client writes it. */
function reasonOf({ response_metadata }: AIMessage): string | undefined {
  const { finish_reason, stop_reason, finishReason, done_reason } = Object(response_metadata) as Record<
    string,
    unknown
  >;
  const reason = finish_reason ?? stop_reason ?? finishReason ?? done_reason;
  return typeof reason === "string" ? shownName(reason) : undefined;
}
