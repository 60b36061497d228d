import type { BaseMessage } from "@langchain/core/messages";
import type { ResolvedModel } from "../models/resolve.js";
import { type Answer, withSystem } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import { systemOf } from "./caller-options.js";
import { callOf } from "./chain.js";
import { ownPrompts, withPrompts } from "./fill-prompt.js";
import { passGate } from "./privacy-gate.js";
import { classifyOnce } from "./retried.js";
import type { Scope } from "./scope.js";

/**
 * Calls one model through the policies of its entry; the only place that invokes models. Each attempt becomes a line of the scope's
 * ledger. Interrupts and aborts are rethrown unchanged; any other failure becomes a `ModelCallError`.
 *
 * @throws {InvalidInputError} when a variable of its prompt has no value
 * @throws {NotAllowedError} when a privacy rule keeps the prompt from the model
 */
export async function ask(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  asked: AskOptions,
): Promise<Answer> {
  const prompt = await promptOf(model, messages, scope, asked);
  if (scope.privacy !== undefined) await passGate(scope, model, prompt);
  const options = scope.privacy?.isMarked ? { ...asked, fresh: true } : asked; // caches keep prompts and answers outside of the run
  return callOf(
    model,
    scope.rehearsal,
  )({
    ...{ model, client: model.client, messages: prompt, scope, options, number: 1 + (options.attempts ?? 0) },
    ...{ waitedMs: options.waitedMs, tried: [] },
    ...{
      stops: [scope.config.signal, options.signal],
      outcome: { tokens: false, steps: [] },
      classify: classifyOnce(model),
    },
  });
}

/** Puts prompts before the conversation: the pattern's (a nested pattern adds it itself), the model's own, and an instruction. */
async function promptOf(
  { kind, entry }: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  options: AskOptions,
): Promise<BaseMessage[]> {
  const name =
    options.role === "answer" || options.role === "shadow" ? scope.path : `the model that ${scope.path} calls`;
  const prompts = [
    ...(kind === "pattern" ? [] : systemOf(scope, options)),
    ...ownPrompts(entry.systemPrompt, options.instruction, name),
  ];
  const texts = prompts.flatMap(({ prompt }) => (typeof prompt === "string" ? prompt : []));
  if (texts.length === prompts.length) return withSystem(messages, texts);
  return withPrompts(messages, prompts, scope);
}
