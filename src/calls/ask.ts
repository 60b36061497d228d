import type { BaseMessage } from "@langchain/core/messages";
import type { ResolvedModel } from "../models/resolve.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import { watched } from "../resilience/cooldown.js";
import { timed } from "../resilience/latency.js";
import { asksToWait, retryDelay, sleep } from "../resilience/retry.js";
import type { Steps } from "../state/steps.js";
import { type Answer, withSystem } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import { systemOf } from "./asked-for.js";
import type { Attempt, Left, MakeAttempt } from "./attempt.js";
import { attemptChat } from "./attempt-chat.js";
import { attemptOpaque } from "./attempt-opaque.js";
import { attemptPattern } from "./attempt-pattern.js";
import { toCallError } from "./call-failure.js";
import { isControlFlow, isFault } from "./control-flow.js";
import { withPrompts } from "./fill-prompt.js";
import type { Scope } from "./scope.js";

/** How each kind of model is called. */
const attempts: Readonly<Record<ResolvedModel["kind"], MakeAttempt>> = {
  chat: attemptChat,
  pattern: attemptPattern,
  opaque: attemptOpaque,
};

/**
 * Asks one model, with its system prompt, limits and retries; the only place that invokes models. Every attempt becomes a line of
 * the scope's ledger. Interrupts and aborts are passed on as they are; any other failure becomes a `ModelCallError`.
 *
 * @throws {InvalidInputError} when a variable of its prompt has no value
 */
export async function ask(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  options: AskOptions,
): Promise<Answer> {
  const prompt = await promptOf(model, messages, scope, options);
  const stops = [scope.config.signal, options.signal];
  let done: Steps = [];
  for (let attempt = 1 + (options.attempts ?? 0); ; attempt++) {
    const classify = onceFor(model);
    const left: Left = { tokens: false, steps: [], classify };
    try {
      const made = () => makeAttempt({ model, messages: [...prompt, ...done], scope, options, number: attempt, left });
      const { client, entry } = model;
      const noted = () =>
        model.kind === "chat" ? watched(client, made, { stops, classify, ...entry.coolDown }) : made();
      const answer = await model.slot(
        () => (options.role === "answer" ? timed(client, noted, { stops, classify }) : noted()),
        stops,
      );
      const steps = [...done, ...(answer.steps ?? [])];
      return { ...answer, steps: steps.length > 0 ? steps : undefined };
    } catch (error) {
      if (isControlFlow(error, scope, options.signal)) throw error;
      if (left.formless && attempt-- > 0) continue; // asked in another way, it is no retry
      done = [...done, ...left.steps];
      if (isFault(error)) throw error;
      const failed = classify(error);
      const failure = left.unwaitedMs === undefined ? failed : { ...failed, retryAfterMs: left.unwaitedMs };
      const seen = left.tokens && options.hasAlternative === true; // half an answer: another model gives the whole one
      const wait = seen ? undefined : retryDelay(model.retry, attempt, failure);
      if (wait === undefined || (asksToWait(failure) && options.sooner?.(failure, wait) === true)) {
        throw toCallError(error, failure, model, scope, done);
      }
      await sleep(wait, stops);
    }
  }
}

/** Puts prompts before the conversation: that of the pattern, which a pattern below adds itself, the model's own, and an instruction. */
async function promptOf(
  { kind, entry }: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  options: AskOptions,
): Promise<BaseMessage[]> {
  const { systemPrompt } = entry;
  const prompts = [...(kind === "pattern" ? [] : systemOf(scope, options)), systemPrompt, options.instruction];
  const texts = prompts.filter((prompt) => prompt === undefined || typeof prompt === "string");
  if (texts.length === prompts.length) return withSystem(messages, texts);
  return withPrompts(messages, prompts, scope, `the prompt of ${scope.path}`);
}

/** Classifies what an attempt ended in, once: the ledger, cool-downs, latency and retries read the same. */
function onceFor({ entry }: ResolvedModel): Left["classify"] {
  let classified: { readonly error: unknown; readonly as: Classified } | undefined;
  return (error) => {
    if (classified?.error !== error) classified = { error, as: classifyError(error, entry.retry !== undefined) }; // a pattern is asked again only where its entry says so
    return classified!.as;
  };
}

function makeAttempt(attempt: Attempt): Promise<Answer> {
  const { model, scope, options } = attempt;
  for (const source of [scope.config.signal, options.signal]) source?.throwIfAborted();
  return attempts[model.kind](attempt);
}
