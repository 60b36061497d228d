import { decide, type Scope } from "../calls/scope.js";
import { InvalidOptionError } from "../errors/index.js";
import type { NamedModel } from "../models/check-models.js";
import type { ResolvedModel } from "../models/resolve.js";
import { remember } from "../resilience/recent.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import type { RunContext } from "../state/run-context.js";
import { didYouMean } from "../text/nearest-name.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";
import { answeringModel, loopModel, loopReason } from "./tool-loop.js";

/** Keeps the chosen model for later runs. */
export interface Affinity {
  /**
   * Key of the choice: the thread, whose last answer names its model, or `sessionId` of the run context. Each graph remembers its
   * 10,000 most recent sessions, in memory.
   */
  readonly by: "thread" | "sessionId";
  /** Milliseconds since the last answer of the thread, or run of the session, after which the choice expires. @default never */
  readonly idleMs?: number;
}

/**
 * Checks the `affinity` option of a factory.
 *
 * @throws {InvalidOptionError} when it is not an object, `by` or `idleMs` is invalid, or a key is unknown
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

/** Memory of the models that one deciding node has chosen. */
export interface Keeper {
  /** Sends the run to the kept model and records it; `undefined` if a model has to be chosen. */
  readonly goOn: (
    scope: Scope,
    state: OrchestrationState,
    models: readonly NamedModel[],
  ) => OrchestrationUpdate | undefined;
  readonly keep: (scope: Scope, name: string) => void;
  /** Addition to the reason of a choice that cannot be kept, else an empty text. */
  readonly unkept: (scope: Scope) => string;
}

interface KeeperOptions {
  readonly affinity?: Affinity | undefined;
  /** Every model, including those of weight 0, which still finish their tool loops. */
  readonly names: readonly string[];
  /** Node for a run without a decision; it may have made tool calls, too. */
  readonly otherwise?: string | undefined;
}

export function keeperOf({ affinity, names, otherwise }: KeeperOptions): Keeper {
  const all = otherwise === undefined ? names : [...names, otherwise];
  const sessions = new Map<string, { readonly name: string; readonly at: number }>();
  const { by, idleMs = Infinity } = affinity ?? {};
  const fresh = (at: unknown) => idleMs === Infinity || (typeof at === "number" && Date.now() - at <= idleMs);
  const last = (scope: Scope, messages: OrchestrationState["messages"]) => {
    if (by === undefined) return undefined;
    if (by === "sessionId") {
      const session = sessions.get(sessionKey(scope) ?? "");
      if (session === undefined || !fresh(session.at)) return undefined;
      return { name: session.name, reason: `kept: this session has ${session.name}` };
    }
    const answer = messages.findLast((message) => answeringModel(message, scope, names) !== undefined);
    const name = answeringModel(answer, scope, names);
    if (answer === undefined || name === undefined || !fresh(orchestrationOf(answer)?.answeredAt)) return undefined;
    return { name, reason: `kept: ${name} gave the last answer of this thread` };
  };
  const find = (scope: Scope, { failures, messages }: OrchestrationState, models: readonly NamedModel[]) => {
    const failed = (name: string) => failures.some((failure) => failure.name === name);
    const maker = loopModel(scope, messages, all);
    if (maker !== undefined && !failed(maker)) return { name: maker, reason: loopReason(maker) };
    const kept = last(scope, messages);
    const model = models.find(({ name }) => name === kept?.name)?.model;
    return model === undefined || failed(kept!.name) || isUnavailable(model) ? undefined : kept;
  };
  const keep = (scope: Scope, name: string) => {
    const key = by === "sessionId" && name !== otherwise ? sessionKey(scope) : undefined;
    if (key === undefined || scope.rehearsal !== undefined) return;
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
      by === "sessionId" && sessionKey(scope) === undefined ? ", not kept: the run context has no sessionId" : "",
  };
}

/** Makes the key of a session from its id and the node's path, because one graph may run in several places. */
function sessionKey({ config, path }: Scope): string | undefined {
  const { sessionId } = (config.context ?? {}) as Partial<RunContext>;
  const plain = typeof sessionId === "string" || typeof sessionId === "number";
  return plain && sessionId !== "" ? `${path} ${sessionId}` : undefined;
}

function isUnavailable({ guards, client }: ResolvedModel): boolean {
  return guards.some((guard) => guard.unavailable(client) !== undefined);
}
