import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import { isControlFlow } from "../calls/control-flow.js";
import { withPrompts } from "../calls/fill-prompt.js";
import { decide, type Scope } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import type { Context, ContextTurn } from "../context/context.js";
import { fitWindow } from "../context/fit-window.js";
import { badReturn } from "../errors/uncalled.js";
import { estimateMessages } from "../ledger/usage.js";
import type { ResolvedModel } from "../models/resolve.js";
import { redactError } from "../secrets/redact.js";
import type { OrchestrationState, StageOutput } from "../state/orchestration-state.js";
import { impatient } from "./wait-for.js";

/** Who reads what a context strategy shows. */
export interface Reader {
  readonly model: ResolvedModel;
  /** Added to the system message, and counted. */
  readonly instruction?: string;
  /** Follows what the strategy shows: tool calls of earlier tiers. */
  readonly steps?: readonly BaseMessage[];
}

/**
 * What a model sees of a run under a context strategy, cut to the window of the model where that is known; a model the strategy
 * asks is in the ledger as `summary`.
 *
 * @throws {InvalidOptionError} when the strategy returns anything but messages, or none
 */
export async function contextPrompt(
  context: Context,
  reader: Reader,
  state: OrchestrationState,
  scope: Scope,
): Promise<readonly BaseMessage[]> {
  const seen = await context(turnOf(reader.model, state, scope));
  if (Array.isArray(seen) && seen.length > 0 && seen.every(isBaseMessage)) return fitted(seen, reader, scope);
  throw badReturn(`${scope.node}.context`, seen, "it must return the messages the model sees, at least one");
}

async function fitted(seen: readonly BaseMessage[], { model, instruction, steps = [] }: Reader, scope: Scope) {
  const messages = [...seen, ...steps];
  const { contextWindow, entry, kind } = model;
  if (contextWindow === undefined) return messages;
  const prompts = [...(kind === "pattern" ? [] : scope.system), entry.systemPrompt, instruction];
  const system = estimateMessages(await withPrompts([], prompts, scope, `the prompt of ${scope.path}`));
  const { messages: fitting, left, cut, tokens } = fitWindow(messages, contextWindow - system);
  const window = `its window of ${contextWindow} tokens`;
  const shorter = `of ${messages.length} messages ${left} left out and ${cut} cut short`;
  const needed = system + tokens;
  if (needed > contextWindow) {
    const reason = `${shorter}, and the rest, about ${needed} tokens, still does not fit ${window}`;
    decide(scope, { kind: "skip", chosen: scope.node, reason });
  } else if (left + cut > 0) {
    decide(scope, { kind: "skip", chosen: scope.node, reason: `${shorter}, to fit ${window}` });
  }
  return fitting;
}

/** Lets a strategy that remembers keep what the model gave. Where it cannot, the answer that was paid for still counts. */
export async function keepOutput(
  { keep }: Context,
  model: ResolvedModel,
  state: OrchestrationState,
  output: StageOutput,
  scope: Scope,
): Promise<void> {
  try {
    await keep?.(turnOf(model, state, scope), output);
  } catch (error) {
    if (isControlFlow(error, scope)) throw error;
    decide(scope, { kind: "skip", chosen: scope.node, reason: `its output was not remembered: ${redactError(error)}` });
  }
}

function turnOf(
  { contextWindow }: ResolvedModel,
  { messages, outputs }: OrchestrationState,
  scope: Scope,
): ContextTurn {
  const window = contextWindow === undefined ? {} : { contextWindow };
  const { state, config } = scope;
  return { messages, outputs, ...window, ask: askFrom(scope, "summary", { sooner: impatient }), state, config };
}
