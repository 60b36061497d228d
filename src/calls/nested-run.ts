import { namespaceOf } from "../langgraph/namespace.js";
import { withOwnSignal } from "../langgraph/private-keys.js";
import { Ledger } from "../ledger/ledger.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { RunContext } from "../state/run-context.js";
import { narrowed } from "./means.js";
import { type Caller, callerKey, type Nesting, nestingKey } from "./nesting.js";
import type { Scope } from "./scope.js";

/** Configuration and results of a nested run. */
export interface NestedRun {
  readonly configurable: Record<string, unknown>;
  readonly nesting: Pick<Nesting, "ledger" | "steps" | "shown" | "skippedWaitMs">;
}

/**
 * Opens a nested run below this scope.
 *
 * @param options options of its answers, if they may be the answers of the outer run
 * @param candidate number of earlier answers that the outer run already has
 */
export function openNestedRun(
  scope: Scope,
  {
    isShadow = false,
    ...about
  }: Pick<Nesting, "showing" | "opaque" | "sooner" | "others" | "system" | "means"> & { readonly isShadow?: boolean },
  options: AnswerOptions | undefined,
  candidate = 0,
): NestedRun {
  const nesting: Nesting = {
    path: scope.path,
    turnId: scope.turnId,
    ...about,
    isShadow: isShadow || scope.nesting?.isShadow === true,
    namespace: scope.namespace ?? namespaceOf(scope.config),
    ledger: new Ledger(),
    steps: [],
    shown: new Map(),
    candidates: [...(scope.nesting?.candidates ?? []), candidate],
    privacy: scope.privacy,
    parent: scope.nesting,
  };
  scope.below.push(nesting.ledger);
  const caller = (options ?? scope.caller) && { ledger: scope.caller?.ledger ?? new Ledger(), options: options ?? {} };
  const configurable = withOwnSignal({ ...scope.config.configurable, [nestingKey]: nesting, [callerKey]: caller });
  return { nesting, configurable };
}

/** Returns the `configurable` for a run behind a chat model. Its tokens stream to the chat model only, which decides what to show. */
export function callerConfigurable(
  around: Record<string, unknown> = {},
  caller: Caller,
  context?: RunContext,
): Record<string, unknown> {
  const nesting = around[nestingKey] as Nesting | undefined;
  const outer = around[callerKey] as Caller | undefined;
  const shown = nesting && {
    ...{ ...nesting, showing: "answer", namespace: undefined },
    means: narrowed(nesting.means, { context, turnId: nesting.turnId }),
  };
  const opaque = caller.opaque === true || outer?.opaque === true;
  const budget = caller.budget ?? outer?.budget;
  return withOwnSignal({ ...around, [nestingKey]: shown, [callerKey]: { ...caller, opaque, budget } });
}
