import { AIMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { copyMessage } from "../calls/answer.js";
import { noteFault } from "../calls/control-flow.js";
import { countBeside } from "../calls/means.js";
import { lookAtState } from "../calls/privacy-gate.js";
import { carriesLedger, ledgerAt, noteCall, noteDecision, noteSteps, type Scope, scopeOf } from "../calls/scope.js";
import { withoutSecrets } from "../errors/index.js";
import type { OrchestrationNode } from "../langgraph/direct.js";
import { sharedUpdate } from "../langgraph/shared-state.js";
import { noteStep } from "../langgraph/step-limit.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import { Ledger, type LedgerEntries } from "../ledger/ledger.js";
import { onAbort } from "../resilience/deadline.js";
import { watchingRequests } from "../secrets/sent-secrets.js";
import type { GraphSettings } from "../state/graph-settings.js";
import { type OrchestrationState, type OrchestrationUpdate, readable } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";
import { withCarriedLedger } from "../tracing/carried-ledger.js";
import { rememberTry, takeTry } from "./tries.js";

export type { OrchestrationNode } from "../langgraph/direct.js";

/** Makes a node that adds its calls and decisions to its update, or attaches them to the error it throws. */
export function nodeAt(
  name: string,
  work: (state: OrchestrationState, scope: Scope) => OrchestrationUpdate | Promise<OrchestrationUpdate>,
): OrchestrationNode {
  return async (written, config, settings) => {
    noteStep(config);
    const state = readable(written);
    const scope = scopeOf(name, state, config, settings);
    noteTry(scope, state, takeTry(config));
    if (scope.means !== undefined) await countBeside(scope.means, config);
    const { signal } = config;
    const left = () => Ledger.of(state, ledgerAt(scope));
    const unlisten = signal && onAbort(signal, () => keepLedger(signal.reason, left(), { shared: true })); // on an abort, LangGraph ends the run before the calls here end
    try {
      if (scope.privacy !== undefined) await watchingRequests(() => lookAtState(scope, state));
      const update = await watchingRequests(() => work(state, scope));
      return {
        ...(settings?.privacy !== undefined && scope.privacy?.isMarked && marked),
        ...changesOf(scope, settings),
        ...(scope.ledger.calls.length > 0 && { calls: scope.ledger.calls }),
        ...(scope.ledger.decisions.length > 0 && { decisions: scope.ledger.decisions }),
        ...(carriesLedger(scope) ? withLedger(update, left()) : update),
      };
    } catch (thrown) {
      const named = toError(thrown);
      const error = isGraphBubbleUp(named) ? named : withoutSecrets(named);
      noteFault(error, scope);
      if (error !== thrown) keepLedger(error, keptLedger(thrown));
      keepLedger(error, left());
      rememberTry(config, error);
      noteSteps(scope, stepsOf(state)); // also those of before an interrupt
      throw error;
    } finally {
      unlisten?.();
    }
  };
}

/** The mark as an update; its key is in the state of a pattern with a rule. */
const marked: OrchestrationUpdate = { sensitive: true } as object;

/** Returns own keys that nested graphs changed, as an update of this graph. */
function changesOf({ changed, state }: Scope, settings: GraphSettings | undefined): OrchestrationUpdate {
  const keys = Object.keys(changed);
  return Object.fromEntries(keys.map((key) => [key, sharedUpdate(settings?.own[key], state[key], changed[key])]));
}

/** Adds the calls of an earlier try to this ledger, unless a pattern around has them already. */
function noteTry(scope: Scope, state: OrchestrationState, before: Ledger): void {
  if (before.calls.length + before.decisions.length === 0) return;
  const { nesting, caller } = scope;
  const known = Ledger.of(state, ...[nesting, caller].flatMap((around) => around?.ledger ?? []));
  const { calls } = before.since(known);
  for (const call of calls) noteCall(scope, call);
  for (const decision of before.since(state).decisions) noteDecision(scope, decision);
}

/** Wraps a thrown primitive in an error, because LangGraph sets a property on it and would throw its own `TypeError`. */
function toError(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? thrown : new Error(String(thrown), { cause: thrown });
}

/** Attaches the run's ledger to the answer, so that it survives a pause of the graph around; the nested state does not. */
function withLedger(update: OrchestrationUpdate, ledger: LedgerEntries): OrchestrationUpdate {
  const { messages } = update;
  const answer: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!AIMessage.isInstance(answer)) return update;
  return { ...update, messages: [copyMessage(answer, { response_metadata: withCarriedLedger(answer, ledger) })] };
}
