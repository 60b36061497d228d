import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { masked } from "../errors/index.js";
import type { GraphSettings } from "../langgraph/graph-settings.js";
import { namespaceOf } from "../langgraph/namespace.js";
import { withOwnSignal } from "../langgraph/private-keys.js";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { Classified } from "../resilience/classify-error.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { OwnState } from "../state/own-keys.js";
import type { Prompt } from "../state/prompt.js";
import type { Steps } from "../state/steps.js";

/** What a pattern that runs as a model of another one is told by it, through `configurable`. */
interface Nesting {
  /** Path of the outer node. */
  readonly path: string;
  readonly turnId: string;
  /** Nothing below may stream: the answer may still be discarded. */
  readonly hidden: boolean;
  /** A graph nobody can look into is between: of what happens below, its checkpoints keep the answers only. */
  readonly opaque: boolean;
  /** Checkpoint namespace of the outermost node: tokens carry it, so that they stream without `subgraphs: true`. */
  readonly namespace: unknown;
  /** Everything that happened below, also when the nested run fails or is cancelled. */
  readonly ledger: Ledger;
  /** Tool calls that completed: they are handed on whatever becomes of the nested run. */
  readonly steps: Steps[number][];
  /** True when a model beside this run can answer sooner than one in it that must be waited for. */
  readonly sooner: Sooner | undefined;
  /** Prompts of the patterns around for the models that answer here. */
  readonly system: readonly Prompt[];
  /** Milliseconds that were not waited because of that. */
  unwaitedMs?: number;
  readonly parent: Nesting | undefined;
}

/** Whether another model can answer sooner than after `waitMs`, which the provider asks for. */
export type Sooner = (failure: Pick<Classified, "class" | "retryAfterMs">, waitMs: number) => boolean;

const key = "__multimodel";

/** The chat model a run answers for, if there is one. */
export interface Caller {
  readonly options: AnswerOptions;
  /** Every call of the run, also when it fails or is given up. */
  readonly ledger: Ledger;
  /** As that of `Nesting`. */
  readonly opaque?: boolean;
}

const callerKey = "__multimodel_caller";

/** Where calls are made from: one execution of one node. It collects what the node will write. */
export interface Scope {
  readonly config: LangGraphRunnableConfig;
  /** Path of the node in the whole (nested) graph. */
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  readonly hidden: boolean;
  readonly namespace: unknown;
  /** What was called and decided here. */
  readonly ledger: Ledger;
  /** Ledgers of the runs below, while they are at work. */
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

/** The id of the run around this one, if there is one. */
export function outerTurn(config: LangGraphRunnableConfig): string | undefined {
  return (config.configurable?.[key] as Nesting | undefined)?.turnId;
}

/** Opens the scope of a node that starts to work. */
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

/** Path of another node of the same graph. */
export function besidePath({ path, node }: Pick<Scope, "path" | "node">, other: string): string {
  return `${path.slice(0, path.length - node.length)}${other}`;
}

/** Writes a call into the ledger of this node and of every pattern around it. */
export function noteCall(scope: Scope, call: ModelCall): void {
  for (const ledger of ledgersAround(scope)) ledger.note(call);
}

/** True where an answer has to carry the ledger of its run, or a pause would lose it. */
export function carriesLedger({ nesting, caller }: Scope): boolean {
  return (nesting ?? caller)?.opaque === true;
}

/** Everything that was called and decided here and below, so far. */
export function ledgerAt({ ledger, below }: Pick<Scope, "ledger" | "below">): Ledger {
  return Ledger.of(ledger, ...below);
}

/** Takes back a call that turned out to be none (an interrupt paused it). */
export function forgetCall(scope: Scope, call: ModelCall): void {
  for (const ledger of ledgersAround(scope)) ledger.takeBack(call);
}

/** The ledgers a call of this node is written into: its own, that of the chat model it answers for, and those of the runs around. */
function ledgersAround({ ledger, caller, nesting }: Scope): readonly Ledger[] {
  return [ledger, ...(caller === undefined ? [] : [caller.ledger]), ...ancestors(nesting).map((outer) => outer.ledger)];
}

/** Records why the run goes on as it does. */
export function decide(scope: Scope, decision: Omit<Decision, "node">): void {
  noteDecision(scope, { node: scope.path, ...decision });
}

/** Writes a decision into the record of this node and of every pattern around it; of its texts only names of models are as given. */
export function noteDecision(scope: Scope, decision: Decision): void {
  const { node: _node, kind: _kind, chosen: _chosen, candidates: _candidates, ...said } = decision;
  const shown = { ...decision, ...masked(said) };
  scope.ledger.decide(shown);
  for (const outer of ancestors(scope.nesting)) outer.ledger.decide(shown);
}

/** Whether a model beside the run around this scope can answer sooner; the run then ends without waiting, and says how long. */
export function isSoonerAround({ nesting }: Scope, ...[failure, waitMs]: Parameters<Sooner>): boolean {
  if (nesting?.sooner?.(failure, waitMs) !== true) return false;
  nesting.unwaitedMs = Math.min(nesting.unwaitedMs ?? Infinity, waitMs);
  return true;
}

/** Lets a call go unanswered whose failure ends the run, where a model beside the run around it can answer sooner. */
export function soonerAround(scope: Scope): Sooner {
  return (failure, waitMs) => isSoonerAround(scope, failure, waitMs);
}

/** Tells every pattern around of tool calls that completed; what is known there already is not told again. */
export function noteSteps(scope: Scope, steps: Steps): void {
  for (const outer of ancestors(scope.nesting)) {
    for (const step of steps) if (!outer.steps.some(({ id }) => id === step.id)) outer.steps.push(step);
  }
}

/** What a run below a scope is given, and what it leaves there. */
export interface Below {
  readonly configurable: Record<string, unknown>;
  readonly nesting: Pick<Nesting, "ledger" | "steps" | "unwaitedMs">;
}

/**
 * Opens a nested run below this scope.
 *
 * @param options what its answers are asked for with: they are the answers of the run around it
 */
export function nestingBelow(
  scope: Scope,
  { hidden, opaque, sooner, system }: Pick<Nesting, "hidden" | "opaque" | "sooner" | "system">,
  options: AnswerOptions | undefined,
): Below {
  const nesting: Nesting = {
    path: scope.path,
    turnId: scope.turnId,
    hidden: hidden || scope.hidden,
    opaque,
    namespace: scope.namespace ?? namespaceOf(scope.config),
    ledger: new Ledger(),
    steps: [],
    sooner,
    system,
    parent: scope.nesting,
  };
  scope.below.push(nesting.ledger);
  const caller = (options ?? scope.caller) && { ledger: scope.caller?.ledger ?? new Ledger(), options: options ?? {} };
  const configurable = withOwnSignal({ ...scope.config.configurable, [key]: nesting, [callerKey]: caller });
  return { nesting, configurable };
}

/** The `configurable` of a run that answers for a chat model. It shows its tokens to the chat model alone, which decides what to show. */
export function configurableBelow(around: Record<string, unknown> = {}, caller: Caller): Record<string, unknown> {
  const nesting = around[key] as Nesting | undefined;
  const outer = around[callerKey] as Caller | undefined;
  const shown = nesting && { ...nesting, hidden: false, namespace: undefined };
  const opaque = caller.opaque === true || outer?.opaque === true;
  return withOwnSignal({ ...around, [key]: shown, [callerKey]: { ...caller, opaque } });
}

function ancestors(nesting: Nesting | undefined): Nesting[] {
  return nesting === undefined ? [] : [nesting, ...ancestors(nesting.parent)];
}
