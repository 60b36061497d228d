import { InvalidOptionError } from "../errors/index.js";
import { Ledger, type LedgerEntries } from "./ledger.js";
import type { ModelCall } from "./model-call.js";

/** Property key shared by all copies of the package in a process. */
const ledgerKey = Symbol.for("langgraph-multimodel.ledger");

/**
 * Attaches the ledger of a run to its error or to the answer of a chat model, merged with entries of other nodes of the run.
 *
 * @param options.shared keeps entries of other runs as well, since an abort ends all runs under one signal with the same error
 */
export function keepLedger<Outcome>(
  outcome: Outcome,
  entries: LedgerEntries,
  { shared = false }: { readonly shared?: boolean } = {},
): Outcome {
  if (typeof outcome !== "object" || outcome === null || !Object.isExtensible(outcome)) return outcome;
  const before = keptLedger(outcome);
  const turns = new Set(entries.calls.map(({ turnId }) => turnId));
  const isBeside = shared || turns.size === 0 || before.calls.some(({ turnId }) => turns.has(turnId));
  const { calls, decisions } = isBeside ? Ledger.of(before, entries) : entries;
  const value: LedgerEntries = {
    calls: isBeside ? calls.toSorted((a, b) => a.startedAt - b.startedAt) : calls,
    decisions,
  };
  return Object.defineProperty(outcome, ledgerKey, { value, enumerable: false, configurable: true });
}

/** Returns the ledger attached by `keepLedger`, or an empty one. */
export function keptLedger(outcome: unknown): LedgerEntries {
  const ledger =
    typeof outcome === "object" && outcome !== null
      ? (outcome as { [ledgerKey]?: LedgerEntries })[ledgerKey]
      : undefined;
  return ledger ?? { calls: [], decisions: [] };
}

/**
 * Returns the calls of a run that threw, or of an answer of `asChatModel`.
 *
 * **Gotchas** - only errors thrown inside a node of a pattern (also aborts, timeouts, and what wraps them), the message returned by `invoke` of an
 * `asChatModel` and the last chunk of its stream have calls; copies of them have none. Runs aborted by one signal share one error with
 * the calls of all of them: separate them by `turnId`.
 *
 * @example
 * ```ts
 * await graph.invoke({ messages: "Hi" }).catch((error) => console.log(totalCost(callsOf(error))));
 * ```
 * @throws {InvalidOptionError} when `outcome` is the final state of a run
 */
export function callsOf(outcome: unknown): readonly ModelCall[] {
  const { calls } = Object(outcome) as { readonly calls?: unknown };
  if (Array.isArray(calls) && !(outcome instanceof Error)) {
    throw new InvalidOptionError(
      "callsOf.outcome",
      outcome,
      "a final state has its ledger in `calls`: totalCost(state.calls)",
    );
  }
  return wrapped(outcome).calls;
}

/** Returns the ledger of an error, or of the one it wraps, as an error in LangChain's middleware. */
function wrapped(outcome: unknown): LedgerEntries {
  const kept = keptLedger(outcome);
  const isWrapper = kept.calls.length === 0 && outcome instanceof Error && outcome.cause instanceof Error;
  return isWrapper ? wrapped(outcome.cause) : kept;
}
