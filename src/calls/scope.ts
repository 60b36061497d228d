import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { withMaskedKeys } from "../errors/index.js";
import { namespaceOf } from "../langgraph/namespace.js";
import { withOwnSignal } from "../langgraph/private-keys.js";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { Classified } from "../resilience/classify-error.js";
import type { Decision } from "../state/decision.js";
import type { GraphSettings } from "../state/graph-settings.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { OwnState } from "../state/own-keys.js";
import type { Prompt } from "../state/prompt.js";
import type { Steps } from "../state/steps.js";

/** Context of a nested pattern, passed by the outer one through `configurable`. */
interface Nesting {
  /** Path of the outer node. */
  readonly path: string;
  readonly turnId: string;
  /** True if nothing below may stream, because the answer may be discarded. */
  readonly hidden: boolean;
  /** True below an opaque graph, whose checkpoints keep only the answers of nested patterns. */
  readonly opaque: boolean;
  /** Checkpoint namespace of the outermost node, set on tokens so that they stream without `subgraphs: true`. */
  readonly namespace: unknown;
  /** Calls and decisions of the nested run, also if it fails or is cancelled. */
  readonly ledger: Ledger;
  /** Completed tool calls, kept even if the nested run fails. */
  readonly steps: Steps[number][];
  readonly sooner: Sooner | undefined;
  /** Which answer of its pattern each run around gives, the outermost first; see `candidate` of `AskOptions`. */
  readonly candidates: readonly number[];
  /** Prompts of the patterns around for the models that answer here. */
  readonly system: readonly Prompt[];
  /** Milliseconds of the shortest wait skipped because of `sooner`. */
  skippedWaitMs?: number;
  readonly parent: Nesting | undefined;
}

/** Returns true if another model can answer before `waitMs`, the wait requested by the provider, is over. */
export type Sooner = (failure: Pick<Classified, "class" | "retryAfterMs">, waitMs: number) => boolean;

const key = "__multimodel";

/** Chat model whose call started the run. */
export interface Caller {
  readonly options: AnswerOptions;
  /** Every call of the run, also if it fails or is cancelled. */
  readonly ledger: Ledger;
  /** See `opaque` of `Nesting`. */
  readonly opaque?: boolean;
}

const callerKey = "__multimodel_caller";

/** One execution of one node, the origin of its calls. */
export interface Scope {
  readonly config: LangGraphRunnableConfig;
  /** Path of the node in the whole, nested graph. */
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  readonly hidden: boolean;
  readonly namespace: unknown;
  /** Calls and decisions of this node. */
  readonly ledger: Ledger;
  /** Ledgers of nested runs in progress. */
  readonly below: Ledger[];
  readonly nesting: Nesting | undefined;
  readonly caller: Caller | undefined;
  /** Own keys of the graph's state that are set, for strategies and prompts. */
  readonly state: OwnState;
  /** Names of all own keys, set or not. */
  readonly own: readonly string[];
  /** Own keys that graphs below changed. */
  readonly changed: Record<string, unknown>;
  /** Prompts of this pattern and of those around it, for models that answer. */
  readonly system: readonly Prompt[];
}

/** Returns the id of the outer run, if any. */
export function outerTurn(config: LangGraphRunnableConfig): string | undefined {
  return (config.configurable?.[key] as Nesting | undefined)?.turnId;
}

/** Makes the scope for one execution of a node. */
export function scopeOf(
  node: string,
  state: Pick<OrchestrationState, "turnId">,
  config: LangGraphRunnableConfig,
  settings?: GraphSettings,
): Scope {
  const nesting = config.configurable?.[key] as Nesting | undefined;
  const own = Object.keys(settings?.own ?? {});
  const around = nesting?.system ?? [];
  return {
    config,
    path: nesting === undefined ? node : `${nesting.path}/${node}`,
    node,
    turnId: nesting?.turnId ?? state.turnId ?? crypto.randomUUID(),
    hidden: nesting?.hidden ?? false,
    namespace: nesting?.namespace,
    ledger: new Ledger(),
    below: [],
    nesting,
    caller: config.configurable?.[callerKey] as Caller | undefined,
    state: valuesOf(state, own),
    own,
    changed: {},
    system: settings?.system === undefined ? around : [...around, settings.system],
  };
}

function valuesOf(state: object, own: readonly string[]): OwnState {
  const values = state as OwnState;
  return Object.fromEntries(own.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}

/** Returns the path of another node of the same graph. */
export function siblingPath({ path, node }: Pick<Scope, "path" | "node">, other: string): string {
  return `${path.slice(0, path.length - node.length)}${other}`;
}

/** Adds a call to the ledgers of this node and of all outer patterns. */
export function noteCall(scope: Scope, call: ModelCall): void {
  for (const ledger of ledgersAround(scope)) ledger.note(call);
}

/** Returns true if the answer must carry the ledger of its run, because a pause would otherwise lose it. */
export function carriesLedger({ nesting, caller }: Scope): boolean {
  return (nesting ?? caller)?.opaque === true;
}

/** Returns the calls and decisions of this node and of its nested runs so far. */
export function ledgerAt({ ledger, below }: Pick<Scope, "ledger" | "below">): Ledger {
  return Ledger.of(ledger, ...below);
}

/** Removes a call that an interrupt paused. */
export function forgetCall(scope: Scope, call: ModelCall): void {
  for (const ledger of ledgersAround(scope)) ledger.takeBack(call);
}

/** Returns the ledgers of this node, of the calling chat model and of all outer runs. */
function ledgersAround({ ledger, caller, nesting }: Scope): readonly Ledger[] {
  return [ledger, ...(caller === undefined ? [] : [caller.ledger]), ...ancestors(nesting).map((outer) => outer.ledger)];
}

/** Records a decision of this node. */
export function decide(scope: Scope, decision: Omit<Decision, "node">): void {
  noteDecision(scope, { node: scope.path, ...decision });
}

/** Adds a decision to this node and all outer patterns, with keys masked in every text except model names. */
export function noteDecision(scope: Scope, decision: Decision): void {
  const { node: _node, kind: _kind, chosen: _chosen, candidates: _candidates, ...said } = decision;
  const shown = { ...decision, ...withMaskedKeys(said) };
  scope.ledger.decide(shown);
  for (const outer of ancestors(scope.nesting)) outer.ledger.decide(shown);
}

/** Returns true if a model beside the outer run can answer sooner; records the skipped wait, since the run then ends without waiting. */
export function isSoonerAround({ nesting }: Scope, ...[failure, waitMs]: Parameters<Sooner>): boolean {
  if (nesting?.sooner?.(failure, waitMs) !== true) return false;
  nesting.skippedWaitMs = Math.min(nesting.skippedWaitMs ?? Infinity, waitMs);
  return true;
}

/** Returns `isSoonerAround` for one scope, for calls whose failure ends the run. */
export function soonerAround(scope: Scope): Sooner {
  return (failure, waitMs) => isSoonerAround(scope, failure, waitMs);
}

/** Adds completed tool calls to all outer patterns, each call once. */
export function noteSteps(scope: Scope, steps: Steps): void {
  for (const outer of ancestors(scope.nesting)) {
    for (const step of steps) if (!outer.steps.some(({ id }) => id === step.id)) outer.steps.push(step);
  }
}

/** Configuration and results of a nested run. */
export interface NestedRun {
  readonly configurable: Record<string, unknown>;
  readonly nesting: Pick<Nesting, "ledger" | "steps" | "skippedWaitMs">;
}

/**
 * Opens a nested run below this scope.
 *
 * @param options options of its answers, if they may be the answers of the outer run
 * @param candidate number of earlier answers that the outer run already has
 */
export function openNestedRun(
  scope: Scope,
  { hidden, opaque, sooner, system }: Pick<Nesting, "hidden" | "opaque" | "sooner" | "system">,
  options: AnswerOptions | undefined,
  candidate = 0,
): NestedRun {
  const nesting: Nesting = {
    path: scope.path,
    turnId: scope.turnId,
    hidden: hidden || scope.hidden,
    opaque,
    namespace: scope.namespace ?? namespaceOf(scope.config),
    ledger: new Ledger(),
    steps: [],
    candidates: [...(scope.nesting?.candidates ?? []), candidate],
    sooner,
    system,
    parent: scope.nesting,
  };
  scope.below.push(nesting.ledger);
  const caller = (options ?? scope.caller) && { ledger: scope.caller?.ledger ?? new Ledger(), options: options ?? {} };
  const configurable = withOwnSignal({ ...scope.config.configurable, [key]: nesting, [callerKey]: caller });
  return { nesting, configurable };
}

/** Returns the `configurable` for a run behind a chat model. Its tokens stream to the chat model only, which decides what to show. */
export function callerConfigurable(around: Record<string, unknown> = {}, caller: Caller): Record<string, unknown> {
  const nesting = around[key] as Nesting | undefined;
  const outer = around[callerKey] as Caller | undefined;
  const shown = nesting && { ...nesting, hidden: false, namespace: undefined };
  const opaque = caller.opaque === true || outer?.opaque === true;
  return withOwnSignal({ ...around, [key]: shown, [callerKey]: { ...caller, opaque } });
}

function ancestors(nesting: Nesting | undefined): Nesting[] {
  return nesting === undefined ? [] : [nesting, ...ancestors(nesting.parent)];
}
