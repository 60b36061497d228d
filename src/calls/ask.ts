import type { BaseMessage } from "@langchain/core/messages";
import type { ResolvedModel } from "../models/resolve.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import { withCoolDown } from "../resilience/cooldown.js";
import { withLatency } from "../resilience/latency.js";
import { requestsWait, retryDelay, sleep } from "../resilience/retry.js";
import type { Steps } from "../state/steps.js";
import { type Answer, withSystem } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { Attempt, AttemptOutcome, MakeAttempt } from "./attempt.js";
import { attemptChat } from "./attempt-chat.js";
import { attemptOpaque } from "./attempt-opaque.js";
import { attemptPattern } from "./attempt-pattern.js";
import { toCallError } from "./call-failure.js";
import { systemOf } from "./caller-options.js";
import { isControlFlow, isFault } from "./control-flow.js";
import { ownPrompts, withPrompts } from "./fill-prompt.js";
import type { Scope } from "./scope.js";

const attempts: Readonly<Record<ResolvedModel["kind"], MakeAttempt>> = {
  chat: attemptChat,
  pattern: attemptPattern,
  opaque: attemptOpaque,
};

/**
 * Calls one model with its system prompt, limits and retries; the only place that invokes models. Each attempt becomes a line of the
 * scope's ledger. Interrupts and aborts are rethrown unchanged; any other failure becomes a `ModelCallError`.
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
    const classify = classifyOnce(model);
    const outcome: AttemptOutcome = { tokens: false, steps: [], classify };
    try {
      const made = () =>
        makeAttempt({ model, messages: [...prompt, ...done], scope, options, number: attempt, outcome });
      const { client, entry } = model;
      const noted = () =>
        model.kind === "chat" ? withCoolDown(client, made, { stops, classify, ...entry.coolDown }) : made();
      const answer = await model.slot(
        () => (options.role === "answer" ? withLatency(client, noted, { stops, classify }) : noted()),
        stops,
      );
      const steps = [...done, ...(answer.steps ?? [])];
      return { ...answer, steps: steps.length > 0 ? steps : undefined };
    } catch (error) {
      if (isControlFlow(error, scope, options.signal)) throw error;
      if (outcome.retryWithout && attempt-- > 0) continue; // a request without what the server refuses is not a retry
      done = [...done, ...outcome.steps];
      if (isFault(error)) throw error;
      const failed = classify(error);
      const failure = outcome.skippedWaitMs === undefined ? failed : { ...failed, retryAfterMs: outcome.skippedWaitMs };
      const seen = outcome.tokens && options.hasAlternative === true; // tokens were shown: another model gives the whole answer
      const wait = seen ? undefined : retryDelay(model.retry, attempt, failure);
      if (wait === undefined || (requestsWait(failure) && options.sooner?.(failure, wait) === true)) {
        throw toCallError(error, failure, model, scope, done);
      }
      await sleep(wait, stops);
    }
  }
}

/** Puts prompts before the conversation: the pattern's (a nested pattern adds it itself), the model's own, and an instruction. */
async function promptOf(
  { kind, entry }: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  options: AskOptions,
): Promise<BaseMessage[]> {
  const name = options.role === "answer" ? scope.path : `the model that ${scope.path} calls`;
  const prompts = [
    ...(kind === "pattern" ? [] : systemOf(scope, options)),
    ...ownPrompts(entry.systemPrompt, options.instruction, name),
  ];
  const texts = prompts.flatMap(({ prompt }) => (typeof prompt === "string" ? prompt : []));
  if (texts.length === prompts.length) return withSystem(messages, texts);
  return withPrompts(messages, prompts, scope);
}

/** Classifies an error once, so that ledger, cool-down, latency and retry see the same class. */
function classifyOnce({ entry }: ResolvedModel): AttemptOutcome["classify"] {
  let classified: { readonly error: unknown; readonly as: Classified } | undefined;
  return (error) => {
    if (classified?.error !== error) classified = { error, as: classifyError(error, entry.retry !== undefined) }; // a pattern is retried only if its entry sets `retry`
    return classified!.as;
  };
}

function makeAttempt(attempt: Attempt): Promise<Answer> {
  const { model, scope, options } = attempt;
  for (const source of [scope.config.signal, options.signal]) source?.throwIfAborted();
  return attempts[model.kind](attempt);
}
