import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { Context, ContextTurn } from "../context/context.js";
import { InvalidOptionError } from "../errors.js";
import { isControlFlow } from "../models/ask.js";
import type { ResolvedModel } from "../models/resolve.js";
import { decide, type Site } from "../models/site.js";
import { askFrom } from "../models/turn.js";
import type { OrchestrationState, Output } from "../state/orchestration-state.js";
import { redactError } from "../tracing/redact.js";

/**
 * What a model sees of a run under a context strategy; a model the strategy asks is in the ledger as `summary`.
 *
 * @throws {InvalidOptionError} when the strategy returns anything but messages, or none
 */
export async function contextPrompt(
  context: Context,
  model: ResolvedModel,
  state: OrchestrationState,
  site: Site,
): Promise<readonly BaseMessage[]> {
  const seen = await context(turnOf(model, state, site));
  if (Array.isArray(seen) && seen.length > 0 && seen.every(isBaseMessage)) return seen;
  throw new InvalidOptionError(
    `${site.node}.context`,
    seen,
    "it must return the messages the model sees, at least one",
  );
}

/** Lets a strategy that remembers keep what the model gave. Where it cannot, the answer that was paid for still counts. */
export async function keepOutput(
  { keep }: Context,
  model: ResolvedModel,
  state: OrchestrationState,
  output: Output,
  site: Site,
): Promise<void> {
  try {
    await keep?.(turnOf(model, state, site), output);
  } catch (error) {
    if (isControlFlow(error, site)) throw error;
    decide(site, { kind: "skip", chosen: site.node, reason: `its output was not remembered: ${redactError(error)}` });
  }
}

function turnOf({ contextWindow }: ResolvedModel, { messages, outputs }: OrchestrationState, site: Site): ContextTurn {
  const window = contextWindow === undefined ? {} : { contextWindow };
  return { messages, outputs, ...window, ask: askFrom(site, "summary"), config: site.config };
}
