import { decide, type Scope } from "../calls/scope.js";
import { InvalidOptionError } from "../errors/index.js";
import type { NamedModel } from "../models/check-models.js";
import { coolingDown } from "../resilience/cooldown.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import type { RunContext } from "../state/run-context.js";
import { didYouMean } from "../text/nearest-name.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { remember } from "./recent.js";
import { giverOf, loopModel, loopReason } from "./tool-loop.js";

/** Keeps the model beyond one tool loop. */
export interface Affinity {
  /**
   * What keeps it: the conversation, whose last answer says which model gave it, or the `sessionId` of the run context. Of sessions
   * the 10,000 used last are remembered, in memory, by each graph for itself.
   */
  readonly by: "thread" | "sessionId";
  /** Milliseconds after which the choice is made anew: since the last answer of the thread, or the last run of the session. @default never */
  readonly idleMs?: number;
}

/**
 * Checks an affinity as a graph is built.
 *
 * @throws {InvalidOptionError} when it is no object, `by` is no word of its own, `idleMs` is no time, or an option does not exist
 */
export function checkAffinity(affinity: Affinity | undefined, option: string): void {
  if (affinity === undefined) return;
  const { by, idleMs, ...unknown }: Affinity = Object(affinity);
  if (typeof affinity !== "object" || affinity === null || (by !== "thread" && by !== "sessionId")) {
    throw new InvalidOptionError(option, affinity, 'give { by: "thread" } or { by: "sessionId" }');
  }
  const [key] = Object.keys(unknown);
  if (key !== undefined) {
    const value = affinity[key as keyof Affinity];
    throw new InvalidOptionError(
      `${option}.${key}`,
      value,
      `an affinity has by, idleMs${didYouMean(key, ["by", "idleMs"])}`,
    );
  }
  if (idleMs === undefined || (typeof idleMs === "number" && idleMs > 0)) return;
  throw new InvalidOptionError(`${option}.idleMs`, idleMs, "give ms above 0, or leave it out");
}

/** What keeps the models of one deciding node. */
export interface Keeper {
  /** Sends a run to the model that goes on, and records it; `undefined` where one of the models has to be chosen. */
  readonly goOn: (
    scope: Scope,
    state: OrchestrationState,
    models: readonly NamedModel[],
  ) => OrchestrationUpdate | undefined;
  /** Remembers a choice. */
  readonly keep: (scope: Scope, name: string) => void;
  /** What to say of a choice that is not kept, although it was to be; empty where nothing is. */
  readonly unkept: (scope: Scope) => string;
}

interface KeeperOptions {
  readonly affinity?: Affinity | undefined;
  /** Every model, those included that are not chosen any more: they still end their loops. */
  readonly names: readonly string[];
  /** The node an undecided run goes to: it may have made tool calls, too. */
  readonly otherwise?: string | undefined;
}

/** Makes what keeps a model through a tool loop, and beyond it where there is an affinity. */
export function keeperOf({ affinity, names, otherwise }: KeeperOptions): Keeper {
  const all = otherwise === undefined ? names : [...names, otherwise];
  const sessions = new Map<string, { readonly name: string; readonly at: number }>();
  const { by, idleMs = Infinity } = affinity ?? {};
  const fresh = (at: unknown) => idleMs === Infinity || (typeof at === "number" && Date.now() - at <= idleMs);
  const last = (scope: Scope, messages: OrchestrationState["messages"]) => {
    if (by === undefined) return undefined;
    if (by === "sessionId") {
      const session = sessions.get(keyOf(scope) ?? "");
      if (session === undefined || !fresh(session.at)) return undefined;
      return { name: session.name, reason: `kept: this session has ${session.name}` };
    }
    const answer = messages.findLast((message) => giverOf(message, scope, names) !== undefined);
    const name = giverOf(answer, scope, names);
    if (answer === undefined || name === undefined || !fresh(orchestrationOf(answer)?.answeredAt)) return undefined;
    return { name, reason: `kept: ${name} gave the last answer of this thread` };
  };
  const find = (scope: Scope, { failures, messages }: OrchestrationState, models: readonly NamedModel[]) => {
    const failed = (name: string) => failures.some((failure) => failure.name === name);
    const maker = loopModel(scope, messages, all);
    if (maker !== undefined && !failed(maker)) return { name: maker, reason: loopReason(maker) };
    const kept = last(scope, messages);
    const model = models.find(({ name }) => name === kept?.name)?.model;
    return model === undefined || failed(kept!.name) || coolingDown(model.client) !== undefined ? undefined : kept;
  };
  const keep = (scope: Scope, name: string) => {
    const key = by === "sessionId" && name !== otherwise ? keyOf(scope) : undefined;
    if (key === undefined) return;
    remember(sessions, key, { name, at: Date.now() });
  };
  return {
    goOn: (scope, state, models) => {
      const { name, reason } = find(scope, state, models) ?? {};
      if (name === undefined || reason === undefined) return undefined;
      keep(scope, name);
      const isFallback = name === otherwise;
      decide(scope, { kind: isFallback ? "fallback" : "route", chosen: name, candidates: [...names], reason });
      return isFallback ? { next: name } : { route: name, next: name };
    },
    keep,
    unkept: (scope) =>
      by === "sessionId" && keyOf(scope) === undefined ? ", not kept: the run context has no sessionId" : "",
  };
}

/** A session, in the place where it is kept: one graph may stand in several. */
function keyOf({ config, path }: Scope): string | undefined {
  const { sessionId } = (config.context ?? {}) as Partial<RunContext>;
  const plain = typeof sessionId === "string" || typeof sessionId === "number";
  return plain && sessionId !== "" ? `${path} ${sessionId}` : undefined;
}
