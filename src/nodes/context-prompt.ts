import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { Context } from "../context/context.js";
import { InvalidOptionError } from "../errors.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Site } from "../models/site.js";
import { askFrom } from "../models/turn.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/**
 * What a model sees of a run under a context strategy; a model the strategy asks is in the ledger as `summary`.
 *
 * @throws {InvalidOptionError} when the strategy returns anything but messages, or none
 */
export async function contextPrompt(
  context: Context,
  { contextWindow }: ResolvedModel,
  { messages, outputs }: OrchestrationState,
  site: Site,
): Promise<readonly BaseMessage[]> {
  const window = contextWindow === undefined ? {} : { contextWindow };
  const seen = await context({ messages, outputs, ...window, ask: askFrom(site, "summary"), config: site.config });
  if (Array.isArray(seen) && seen.length > 0 && seen.every(isBaseMessage)) return seen;
  throw new InvalidOptionError(
    `${site.node}.context`,
    seen,
    "it must return the messages the model sees, at least one",
  );
}
