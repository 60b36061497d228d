import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import { isControlFlow } from "../calls/control-flow.js";
import { ownPrompts, withPrompts } from "../calls/fill-prompt.js";
import { lookAt } from "../calls/privacy-gate.js";
import { decide, type Scope } from "../calls/scope.js";
import { askFrom } from "../calls/turn.js";
import { strategyInTime } from "../calls/within-deadline.js";
import type { Context, ContextTurn } from "../context/context.js";
import { fitWindow } from "../context/fit-window.js";
import { invalidReturn } from "../errors/refuse-factory.js";
import { estimateMessages } from "../ledger/usage.js";
import type { ResolvedModel } from "../models/resolve.js";
import { redactError } from "../secrets/redact.js";
import type { OrchestrationState, StageOutput } from "../state/orchestration-state.js";
import { impatient } from "./wait-for.js";

export interface Reader {
  readonly model: ResolvedModel;
  /** Text added to the system message; it counts toward the window. */
  readonly instruction?: string;
  /** Tool calls of earlier tiers, appended to the messages of the strategy. */
  readonly steps?: readonly BaseMessage[];
}

/**
 * Returns the messages that a context strategy shows to a model, cut to the model's window if that is known. Calls of the strategy
 * have the role `summary` in the ledger.
 *
 * @throws {InvalidOptionError} when the strategy returns anything but a non-empty list of messages
 */
export async function contextPrompt(
  context: Context,
  reader: Reader,
  state: OrchestrationState,
  scope: Scope,
): Promise<readonly BaseMessage[]> {
  const seen = await strategyInTime(scope, (config) => context({ ...turnOf(reader.model, state, scope), config }));
  if (Array.isArray(seen) && seen.length > 0 && seen.every(isBaseMessage)) return fitted(seen, reader, scope);
  throw invalidReturn(`${scope.node}.context`, seen, "it must return the messages the model sees, at least one");
}

async function fitted(seen: readonly BaseMessage[], { model, instruction, steps = [] }: Reader, scope: Scope) {
  const messages = [...seen, ...steps];
  const { contextWindow, entry, kind } = model;
  if (contextWindow === undefined) return messages;
  const own = ownPrompts(entry.systemPrompt, instruction, scope.path);
  const system = estimateMessages(await withPrompts([], [...(kind === "pattern" ? [] : scope.system), ...own], scope));
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

/** Lets a strategy with memory store an output; a failure is only recorded, because the answer is already paid for. */
export async function keepOutput(
  { keep }: Context,
  model: ResolvedModel,
  state: OrchestrationState,
  output: StageOutput,
  scope: Scope,
): Promise<void> {
  try {
    if (keep === undefined || scope.rehearsal !== undefined) return;
    await lookAt(scope, [output.message]); // what a tool found may be sensitive
    await strategyInTime(scope, (config) => keep({ ...turnOf(model, state, scope), config }, output));
  } catch (error) {
    if (isControlFlow(error, scope)) throw error;
    decide(scope, { kind: "skip", chosen: scope.node, reason: `its output was not remembered: ${redactError(error)}` });
  }
}

function turnOf(
  { contextWindow }: ResolvedModel,
  { messages, outputs }: OrchestrationState,
  scope: Scope,
): Omit<ContextTurn, "config"> {
  const window = contextWindow === undefined ? {} : { contextWindow };
  return { messages, outputs, ...window, ask: askFrom(scope, "summary", { sooner: impatient }), state: scope.state };
}
