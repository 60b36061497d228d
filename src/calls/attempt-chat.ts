import type { AIMessageChunk } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError } from "../errors/index.js";
import { runStreams } from "../langgraph/callbacks-below.js";
import { abandonLine, closeLine, failLine, noteFirstToken, openLine, settleHit, settleLine } from "../ledger/line.js";
import { asFormCall, lacksForm } from "../models/answer-form.js";
import type { Bound } from "../models/answer-options.js";
import { refusesLogprobs, withLogprobs } from "../models/logprobs.js";
import { withinLimits } from "../resilience/deadline.js";
import { type Answer, checkAnswer } from "./answer.js";
import { answerOptions, refuseTools } from "./asked-for.js";
import { type Attempt, discard } from "./attempt.js";
import { isControlFlow } from "./control-flow.js";
import { invokeChat } from "./invoke-chat.js";
import { preparedFor } from "./prepared.js";
import { forgetCall, noteCall } from "./scope.js";
import { servedPrice } from "./served-price.js";
import { withSchema } from "./structured.js";

/** Calls a chat client once, and writes the line of the call. */
export async function attemptChat({ model, messages, scope, options, number, left }: Attempt): Promise<Answer> {
  const { timeout, firstTokenTimeout } = model.entry;
  const { hidden = true, role, schema, fresh = false } = options;
  const wanted = answerOptions(scope, options);
  if (schema === undefined) refuseTools(model, wanted, scope);
  const switched = options.logprobs === true ? withLogprobs(model) : model;
  const asked: Bound =
    schema === undefined && wanted !== undefined
      ? preparedFor(switched, wanted)
      : { runnable: withSchema(switched.runnable, schema), rest: {} };
  const { runnable, rest, native = false } = asked;
  const { path, node, turnId } = scope;
  const of = { model: model.modelId ?? node, prompt: messages, price: model.price ?? null, attempt: number };
  const call = openLine({ path, node, turnId, role }, of);
  noteCall(scope, call);
  let streamed = "";
  let messageId: string | undefined;
  try {
    const work = async (signal: AbortSignal, firstToken: () => void): Promise<Answer> => {
      const onToken = (chunk: AIMessageChunk) => {
        messageId ??= chunk.id; // that of the first chunk is shown for all of them
        if (chunk.text === "" && !chunk.tool_call_chunks?.length) return;
        if (call.timeToFirstTokenMs === undefined) {
          noteFirstToken(call);
          firstToken();
        }
        streamed += chunk.text;
      };
      const onHit = () => settleHit(call);
      const request = { model, messages, scope, hidden, signal, onToken, onHit, fresh, again: number > 1 };
      const { message, fault } = await invokeChat(request, runnable, rest);
      signal.throwIfAborted(); // nothing waits for it any more, and its line is closed
      settleLine(call, message, servedPrice(model, message)); // an answer that is refused is paid all the same
      if (fault !== undefined) throw fault;
      const answer = checkAnswer(message);
      const form = native && (hidden || scope.hidden) ? wanted?.form : undefined;
      return { message: form === undefined ? answer : asFormCall(answer, form), modelUsed: path };
    };
    const { signal } = scope.config;
    const limited = timeout !== undefined || firstTokenTimeout !== undefined || options.signal !== undefined;
    if (!limited && signal !== undefined) return await work(signal, () => {}); // LangGraph itself ends a run that is aborted
    return await withinLimits({ timeout, firstTokenTimeout }, [signal, options.signal], work);
  } catch (error) {
    const began = call.timeToFirstTokenMs !== undefined;
    left.formless =
      !began && ((native && lacksForm(runnable, error)) || (switched !== model && refusesLogprobs(model, error)));
    left.tokens = began && !hidden && !scope.hidden && runStreams(scope.config.callbacks);
    if (isControlFlow(error, scope, options.signal)) {
      const late = CallTimeoutError.isInstance(scope.config.signal?.reason); // of a pattern around
      abandonLine(call, late ? "timeout" : "cancelled", streamed);
    } else failLine(call, error, left.classify(error), began ? streamed : undefined);
    if (isGraphBubbleUp(error)) forgetCall(scope, call);
    else if (left.tokens) discard(scope, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    closeLine(call);
  }
}
