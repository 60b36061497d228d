import type { BaseMessage } from "@langchain/core/messages";
import type { BaseCheckpointSaver, CheckpointTuple } from "@langchain/langgraph";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger, type LedgerEntries } from "../ledger/ledger.js";
import { emptyLists, unsetKeys } from "../state/empty-state.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** A thread in a checkpointer. */
export interface Thread {
  readonly saver: BaseCheckpointSaver;
  readonly id: string;
  /** Nodes that a new run would go on with. */
  next(): Promise<readonly unknown[]>;
}

/**
 * Writes the ledger of a run that threw into the thread's last checkpoint, because LangGraph drops what the failed node returned. The
 * checkpoint stays the same otherwise: its id, its pending writes and the error of the task are kept, and the run can be gone on with.
 */
export async function keepFailedRun({ saver, id, next }: Thread, error: unknown): Promise<void> {
  const kept = keptLedger(error);
  if (kept.calls.length === 0) return;
  const saved = await saver.getTuple({ configurable: { thread_id: id, checkpoint_ns: "" } });
  if (saved === undefined) return;
  const state = saved.checkpoint.channel_values as Partial<OrchestrationState>;
  const own = ledgerOfTurn(kept, state.messages ?? []);
  const turnId = own.calls.at(-1)?.turnId;
  if (turnId === undefined) return;
  if (turnId === state.turnId) {
    const { calls, decisions } = Ledger.of({ calls: state.calls ?? [], decisions: [] }, own);
    await rewrite(saver, saved, { calls, decisions: decisions.length > 0 ? decisions : (state.decisions ?? []) });
    return;
  }
  const [first] = await next(); // the run's first node failed: it had reset nothing yet, and goes on without doing so again
  await rewrite(saver, saved, { ...unsetKeys, ...emptyLists(), ...own, turnId, next: first as string });
}

/** Picks the entries of the run that answers the last message: an abort ends several runs with one error. */
function ledgerOfTurn({ calls, decisions }: LedgerEntries, messages: readonly BaseMessage[]) {
  const turn = `${messages.at(-1)?.id}#`;
  const own = calls.filter(({ turnId }) => turnId.startsWith(turn));
  return { calls: own, decisions: own.length === calls.length ? [...decisions] : [] };
}

/** Writes a checkpoint again with other values, under its own id. */
async function rewrite(
  saver: BaseCheckpointSaver,
  { checkpoint, metadata, parentConfig, config }: CheckpointTuple,
  values: Partial<OrchestrationState>,
): Promise<void> {
  const [latest] = Object.values(checkpoint.channel_versions).sort((one, other) => (one < other ? 1 : -1)); // savers number by numbers or texts
  const version = saver.getNextVersion(latest as number);
  const versions = Object.fromEntries(Object.keys(values).map((key) => [key, version]));
  const channels = Object.entries({ ...checkpoint.channel_values, ...values }).filter(
    ([, value]) => value !== undefined,
  );
  const parent = { ...config.configurable, checkpoint_id: parentConfig?.configurable?.checkpoint_id };
  await saver.put(
    { configurable: parent },
    {
      ...checkpoint,
      channel_values: Object.fromEntries(channels),
      channel_versions: { ...checkpoint.channel_versions, ...versions },
    },
    metadata ?? ({} as NonNullable<typeof metadata>),
    versions,
  );
}
