import type { AIMessageChunk } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError, DeadlineExceededError } from "../errors/index.js";
import { showsTokens } from "../langgraph/callbacks-below.js";
import { abandonLine, closeLine, failLine, noteFirstToken, openLine, settleHit, settleLine } from "../ledger/line.js";
import { asFormCall, noteFormRefusal } from "../models/answer-form.js";
import type { BoundClient } from "../models/answer-options.js";
import { refusesLogprobs, withLogprobs } from "../models/logprobs.js";
import { withServer } from "../models/message-author.js";
import { sentHistory } from "../models/sent-history.js";
import { withinTokens, withTokenLimit } from "../models/token-limit.js";
import { withinLimits } from "../resilience/deadline.js";
import { contentText } from "../text/content-text.js";
import { type Answer, checkAnswer } from "./answer.js";
import { type Attempt, discardAttempt } from "./attempt.js";
import { callerOptions, refuseTools } from "./caller-options.js";
import { isControlFlow } from "./control-flow.js";
import { invokeChat } from "./invoke-chat.js";
import { roleWithin } from "./nesting.js";
import { preparedFor } from "./prepared.js";
import { forgetCall, noteCall, noteShown } from "./scope.js";
import { servedPrice } from "./served-price.js";
import { showingOf } from "./showing.js";
import { withSchema } from "./structured.js";

/** Calls a chat client once and writes the line of the call. */
export async function attemptChat({
  model: given,
  messages,
  scope,
  options,
  number,
  hedge,
  lane,
  outcome,
  classify,
}: Attempt): Promise<Answer> {
  const model = given.load === undefined ? given : await given.load();
  const { timeout, firstTokenTimeout } = model.entry;
  const { role, schema, fresh = false } = options;
  const showing = showingOf(scope, options);
  const wanted = withinTokens(callerOptions(scope, options, model.entry), options.maxTokens);
  if (schema === undefined) refuseTools(model, wanted, scope);
  const limitedModel = withTokenLimit(model, options.maxTokens);
  const switched = options.logprobs === true ? withLogprobs(limitedModel) : limitedModel;
  const asked: BoundClient =
    schema === undefined && wanted !== undefined
      ? preparedFor(switched, wanted)
      : { runnable: withSchema(switched.runnable, schema), rest: {} };
  const { runnable, rest, native = false } = asked;
  const sent = sentHistory(messages, model);
  const { path, node, turnId } = scope;
  const of = { model: model.modelId ?? node, prompt: messages, price: model.price ?? null };
  const { waits } = outcome;
  const call = openLine(
    { path, node, turnId, role: roleWithin(scope.nesting, role) },
    { ...of, attempt: number, hedge, waits },
  );
  delete outcome.waits; // another client of a pool has not waited again
  noteCall(scope, call);
  outcome.call = call;
  let streamed = "";
  let messageId: string | undefined;
  let paused = false;
  try {
    const work = async (signal: AbortSignal, firstToken: () => void): Promise<Answer> => {
      const onToken = (chunk: AIMessageChunk) => {
        if (messageId === undefined && chunk.id !== undefined && showing !== "hidden") noteShown(scope, chunk.id);
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
      const request = {
        id: call.id,
        model,
        messages: sent,
        scope,
        showing,
        signal,
        onToken,
        onHit,
        fresh,
        again: number > 1,
      };
      const { message, fault } = await invokeChat(request, runnable, rest);
      signal.throwIfAborted(); // the line is already closed
      settleLine(call, message, servedPrice(model, message)); // a refused answer is billed as well
      if (fault !== undefined) throw fault;
      const answer = withServer(checkAnswer(message), model);
      const form = native && showing !== "answer" ? wanted?.form : undefined;
      return { message: form === undefined ? answer : asFormCall(answer, form), modelUsed: path, call };
    };
    const { signal } = scope.config;
    const limited = timeout !== undefined || firstTokenTimeout !== undefined || options.signal !== undefined;
    if (!limited && signal !== undefined) return await work(signal, () => {}); // LangGraph ends an aborted run itself
    return await withinLimits({ timeout, firstTokenTimeout }, [signal, options.signal], work);
  } catch (error) {
    const began = call.timeToFirstTokenMs !== undefined;
    const refused =
      (native && noteFormRefusal(runnable, error)) || (switched !== limitedModel && refusesLogprobs(model, error));
    outcome.retryWithout = !began && refused;
    const begun = began && showing !== "hidden" && showsTokens(scope.config.callbacks);
    const shown = begun && lane?.hasShown() !== false;
    outcome.tokens = shown && showing === "answer";
    if (isControlFlow(error, scope, options.signal)) {
      const late = [scope.config.signal, options.signal].some((stop) => isLate(stop?.reason)); // timeout of an outer pattern, or deadline
      abandonLine(call, late ? "timeout" : "cancelled", streamed);
    } else failLine(call, error, classify(error), began ? streamed : undefined);
    paused = isGraphBubbleUp(error);
    if (paused) forgetCall(scope, call);
    else if (shown) discardAttempt(scope, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    closeLine(call, { silent: paused });
  }
}

function isLate(reason: unknown): boolean {
  return CallTimeoutError.isInstance(reason) || DeadlineExceededError.isInstance(reason);
}
