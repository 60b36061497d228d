import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { type ModelCallError, withMaskedKeys } from "../errors/index.js";
import { publish } from "../events/publish.js";
import { Ledger } from "../ledger/ledger.js";
import { isOpen } from "../ledger/line.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { CallBefore } from "../resilience/allowance.js";
import type { Decision } from "../state/decision.js";
import type { GraphSettings } from "../state/graph-settings.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { OwnState } from "../state/own-keys.js";
import { isMarked } from "../state/privacy.js";
import { type GivenPrompt, givenPrompt } from "../state/prompt.js";
import type { RunContext } from "../state/run-context.js";
import type { Steps } from "../state/steps.js";
import { showCall, showDecision } from "../tracing/ledger-reader.js";
import { Mark } from "./mark.js";
import { countBefore, meansOfRun, narrowed, type RunMeans } from "./means.js";
import { ancestors, type Caller, callerKey, type Nesting, nestingKey, type Others, type Sooner } from "./nesting.js";
import { type Rehearsal, rehearsalOf } from "./rehearsal.js";
import type { Showing } from "./showing.js";

/** One execution of one node, the origin of its calls. */
export interface Scope {
  readonly config: LangGraphRunnableConfig;
  /** Path of the node in the whole, nested graph. */
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  /** What readers may see of the answer of this run. */
  readonly showing: Showing;
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
  readonly system: readonly GivenPrompt[];
  /** What the run may still spend; `undefined` without limits. */
  readonly means: RunMeans | undefined;
  /** The mark of the run; `undefined` without a privacy rule here and around. */
  readonly privacy: Mark | undefined;
  /** Calls of strategies that a budget, the deadline or a privacy rule prevented. */
  readonly limits: ModelCallError[];
  /** Calls of strategies in progress. */
  readonly asking: Set<Promise<unknown>>;
  /** Stands in for the models, in an explanation. */
  readonly rehearsal: Rehearsal | undefined;
}

/** Returns the id of the outer run, if any. */
export function outerTurn(config: LangGraphRunnableConfig): string | undefined {
  return (config.configurable?.[nestingKey] as Nesting | undefined)?.turnId;
}

/** Makes the scope for one execution of a node. */
export function scopeOf(
  node: string,
  state: Pick<OrchestrationState, "turnId"> & {
    readonly calls?: readonly ModelCall[];
    /** Calls before a task that does not get the whole state. */
    readonly before?: readonly CallBefore[];
  },
  config: LangGraphRunnableConfig,
  settings?: GraphSettings,
): Scope {
  const nesting = config.configurable?.[nestingKey] as Nesting | undefined;
  const own = Object.keys(settings?.own ?? {});
  const around = nesting?.system ?? [];
  const turnId = nesting?.turnId ?? state.turnId ?? crypto.randomUUID();
  const budget = settings?.budget;
  const given = nesting === undefined && (config.context as RunContext | undefined)?.systemPrompt;
  const caller = config.configurable?.[callerKey] as Caller | undefined;
  const ofRun = nesting ? nesting.means : meansOfRun(config, turnId, budget);
  const means = narrowed(ofRun, { context: undefined, turnId, budget: nesting ? budget : caller?.budget });
  if (means !== undefined) {
    countBefore(means, state.before ?? state.calls?.filter((call) => call.turnId === turnId) ?? []);
  }
  const system = given ? givenPrompt(given, "context.systemPrompt") : settings?.system; // a form sends an empty field as ""
  return {
    config,
    path: nesting === undefined ? node : `${nesting.path}/${node}`,
    node,
    turnId,
    showing: nesting?.showing ?? "answer",
    namespace: nesting?.namespace,
    ledger: new Ledger(),
    below: [],
    nesting,
    caller,
    state: valuesOf(state, own),
    own,
    changed: {},
    system: system === undefined ? around : [...around, system],
    means,
    privacy: Mark.of(nesting?.privacy, settings?.privacy, isMarked(state)),
    limits: [],
    asking: new Set(),
    rehearsal: rehearsalOf(config),
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
  if (isOpen(call)) showCall(scope.config, call);
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
  const shown = noteDecision(scope, { node: scope.path, ...decision });
  if (scope.rehearsal !== undefined) {
    scope.rehearsal.decide(shown, siblingPath(scope, shown.chosen), scope.path);
    return;
  }
  publish("decision", () => ({ ...shown, turnId: scope.turnId }));
  showDecision(scope.config, scope.privacy === undefined ? shown : withoutWords(shown), scope.turnId);
}

/** Leaves out what a strategy said, which may quote the conversation, for traces of a graph with a privacy rule. */
function withoutWords({ label: _label, ...decision }: Decision): Decision {
  return { ...decision, reason: "left out of traces, as privacy asks" };
}

/** Adds a decision to this node and all outer patterns, with keys masked in every text except model names. */
export function noteDecision(scope: Scope, decision: Decision): Decision {
  const { node: _node, kind: _kind, chosen: _chosen, candidates: _candidates, ...said } = decision;
  const shown = { ...decision, ...withMaskedKeys(said) };
  scope.ledger.decide(shown);
  for (const outer of ancestors(scope.nesting)) outer.ledger.decide(shown);
  return shown;
}

/** Returns true if a model beside the outer run can answer sooner; records the skipped wait, since the run then ends without waiting. */
export function isSoonerAround({ nesting }: Scope, ...[failure, waitMs]: Parameters<Sooner>): boolean {
  if (nesting?.sooner?.(failure, waitMs) !== true) return false;
  nesting.skippedWaitMs = Math.min(nesting.skippedWaitMs ?? Infinity, waitMs);
  return true;
}

/** Returns the state of the models outside this run that could answer instead of it, for a model that stands alone in it. */
export function othersAround({ nesting }: Scope): Others | undefined {
  return nesting?.others?.();
}

/** Returns the state of the models that could take a call: those of this run, else those around it. */
export function othersOf(scope: Scope, isReady: boolean): Others {
  return isReady || othersAround(scope) === "ready" ? "ready" : "down";
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

/** Records in all outer patterns that a message was shown, so that it is reported as discarded if one of them fails. */
export function noteShown({ nesting, path }: Scope, messageId: string): void {
  for (const outer of ancestors(nesting)) outer.shown.set(messageId, path);
}

/** Forgets a message that is reported as discarded. */
export function forgetShown({ nesting }: Scope, messageId: string): void {
  for (const outer of ancestors(nesting)) outer.shown.delete(messageId);
}
