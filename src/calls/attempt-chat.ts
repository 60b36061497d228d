import type { AIMessageChunk } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError } from "../errors/index.js";
import { runStreams } from "../langgraph/callbacks-below.js";
import { abandonLine, closeLine, failLine, noteFirstToken, openLine, settleHit, settleLine } from "../ledger/line.js";
import { asFormCall, noteFormRefusal } from "../models/answer-form.js";
import type { BoundClient } from "../models/answer-options.js";
import { refusesLogprobs, withLogprobs } from "../models/logprobs.js";
import { withServer } from "../models/message-author.js";
import { sentHistory } from "../models/sent-history.js";
import { withinLimits } from "../resilience/deadline.js";
import { contentText } from "../text/content-text.js";
import { type Answer, checkAnswer } from "./answer.js";
import { type Attempt, discard } from "./attempt.js";
import { callerOptions, refuseTools } from "./caller-options.js";
import { isControlFlow } from "./control-flow.js";
import { invokeChat } from "./invoke-chat.js";
import { preparedFor } from "./prepared.js";
import { forgetCall, noteCall } from "./scope.js";
import { servedPrice } from "./served-price.js";
import { withSchema } from "./structured.js";

/** Calls a chat client once and writes the line of the call. */
export async function attemptChat({
  model,
  messages,
  scope,
  options,
  number,
  hedge,
  lane,
  outcome,
  classify,
}: Attempt): Promise<Answer> {
  const { timeout, firstTokenTimeout } = model.entry;
  const { hidden = true, role, schema, fresh = false } = options;
  const wanted = callerOptions(scope, options);
  if (schema === undefined) refuseTools(model, wanted, scope);
  const switched = options.logprobs === true ? withLogprobs(model) : model;
  const asked: BoundClient =
    schema === undefined && wanted !== undefined
      ? preparedFor(switched, wanted)
      : { runnable: withSchema(switched.runnable, schema), rest: {} };
  const { runnable, rest, native = false } = asked;
  const sent = sentHistory(messages, model);
  const { path, node, turnId } = scope;
  const of = { model: model.modelId ?? node, prompt: messages, price: model.price ?? null, attempt: number, hedge };
  const call = openLine({ path, node, turnId, role }, of);
  noteCall(scope, call);
  let streamed = "";
  let messageId: string | undefined;
  try {
    const work = async (signal: AbortSignal, firstToken: () => void): Promise<Answer> => {
      const onToken = (chunk: AIMessageChunk) => {
        messageId ??= chunk.id; // streams show the id of the first chunk for all chunks
        const text = contentText(chunk);
        if (text === "" && !chunk.tool_call_chunks?.length) return;
        if (call.timeToFirstTokenMs === undefined) {
          noteFirstToken(call);
          firstToken();
        }
        streamed += text;
      };
      const onHit = () => settleHit(call);
      const request = { model, messages: sent, scope, hidden, signal, onToken, onHit, fresh, again: number > 1 };
      const { message, fault } = await invokeChat(request, runnable, rest);
      signal.throwIfAborted(); // the line is already closed
      settleLine(call, message, servedPrice(model, message)); // a refused answer is billed as well
      if (fault !== undefined) throw fault;
      const answer = withServer(checkAnswer(message), model);
      const form = native && (hidden || scope.hidden) ? wanted?.form : undefined;
      return { message: form === undefined ? answer : asFormCall(answer, form), modelUsed: path, call };
    };
    const { signal } = scope.config;
    const limited = timeout !== undefined || firstTokenTimeout !== undefined || options.signal !== undefined;
    if (!limited && signal !== undefined) return await work(signal, () => {}); // LangGraph ends an aborted run itself
    return await withinLimits({ timeout, firstTokenTimeout }, [signal, options.signal], work);
  } catch (error) {
    const began = call.timeToFirstTokenMs !== undefined;
    const refused =
      (native && noteFormRefusal(runnable, error)) || (switched !== model && refusesLogprobs(model, error));
    outcome.retryWithout = !began && refused;
    const seen = began && !hidden && !scope.hidden && runStreams(scope.config.callbacks);
    outcome.tokens = seen && lane?.hasShown() !== false;
    if (isControlFlow(error, scope, options.signal)) {
      const late = CallTimeoutError.isInstance(scope.config.signal?.reason); // timeout of an outer pattern
      abandonLine(call, late ? "timeout" : "cancelled", streamed);
    } else failLine(call, error, classify(error), began ? streamed : undefined);
    if (isGraphBubbleUp(error)) forgetCall(scope, call);
    else if (outcome.tokens) discard(scope, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    closeLine(call);
  }
}
