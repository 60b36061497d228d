import { InvalidOptionError } from "../errors/index.js";
import { Ledger, type LedgerEntries } from "./ledger.js";
import type { ModelCall } from "./model-call.js";

/** Shared by all copies of the package in a process. */
const kept = Symbol.for("langgraph-multimodel.ledger");

/**
 * Keeps the ledger of a run with what it ended in: an error, or the answer of a chat model. What other nodes of the run left there
 * stays.
 *
 * @param options.shared also what other runs left there stays: an abort ends all runs under one signal with one error
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
  return Object.defineProperty(outcome, kept, { value, enumerable: false, configurable: true });
}

/** What `keepLedger` kept. */
export function keptLedger(outcome: unknown): LedgerEntries {
  const ledger =
    typeof outcome === "object" && outcome !== null ? (outcome as { [kept]?: LedgerEntries })[kept] : undefined;
  return ledger ?? { calls: [], decisions: [] };
}

/**
 * The ledger of a run that threw - what was paid although nothing came back - or of an answer of `asChatModel`.
 *
 * **Gotchas** - known for errors that ended a run inside a node of a pattern, an abort or a time-out of the run among them, for the
 * message `invoke` of an `asChatModel` returned, and for the last chunk of its stream; for others, copies of these too, it is empty.
 * Runs that one signal aborts end in one error, which has the calls of all of them: tell them apart by `turnId`.
 *
 * @example
 * ```ts
 * await graph.invoke({ messages: "Hi" }).catch((error) => console.log(totalCost(callsOf(error))));
 * ```
 * @throws {InvalidOptionError} when it is given the final state of a run
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
  return keptLedger(outcome).calls;
}
