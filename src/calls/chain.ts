import type { ResolvedModel } from "../models/resolve.js";
import { withCoolDown } from "../resilience/cooldown.js";
import { withLatency } from "../resilience/latency.js";
import { composed, type Next, type Policy } from "../resilience/policy.js";
import type { Answer } from "./answer.js";
import type { Attempt, MakeAttempt } from "./attempt.js";
import { attemptChat } from "./attempt-chat.js";
import { attemptOpaque } from "./attempt-opaque.js";
import { attemptPattern } from "./attempt-pattern.js";
import { breaking } from "./breaking.js";
import { budgeted } from "./budgeted.js";
import { cached } from "./cached.js";
import { deadlined } from "./deadlined.js";
import { hedged } from "./hedged.js";
import { limiting } from "./limiting.js";
import { pooled } from "./pooled.js";
import type { Rehearsal } from "./rehearsal.js";
import { rehearse } from "./rehearse.js";
import { retried } from "./retried.js";

type CallPolicy = Policy<Attempt, Answer>;

/** Makes a policy for a model, or `undefined` if its entry does not want it. */
type MakePolicy = (model: ResolvedModel) => CallPolicy | undefined;

/** Policies around all attempts of a call, the outermost first. */
const around: readonly MakePolicy[] = [withDeadline, cached, hedged, () => retried];

/** Policies around each attempt: each one is counted, and none holds a place while it waits for a retry. */
const within: readonly MakePolicy[] = [breaking, withBudget, limiting, timed, cooling];

const attempts: Readonly<Record<ResolvedModel["kind"], MakeAttempt>> = {
  chat: attemptChat,
  pattern: attemptPattern,
  opaque: attemptOpaque,
};

const chains = new WeakMap<ResolvedModel, Next<Attempt, Answer>>();
const ends = new WeakMap<ResolvedModel, Next<Attempt, Answer>>();

/** Returns how a model is called: through its policies, composed once, or not at all in a rehearsal. */
export function callOf(model: ResolvedModel, rehearsal: Rehearsal | undefined): Next<Attempt, Answer> {
  if (rehearsal === undefined) return chainOf(model);
  return (request) => rehearse(request, rehearsal, { nested: attempts.pattern, real: chainOf(model) });
}

function chainOf(model: ResolvedModel): Next<Attempt, Answer> {
  const { pool } = model;
  const chain =
    chains.get(model) ??
    composed(
      around.map((make) => make(model)),
      pool === undefined ? endOf(model) : pooled(pool, endOf),
    );
  chains.set(model, chain);
  return chain;
}

/** Returns the way of one attempt, on one client. */
function endOf(model: ResolvedModel): Next<Attempt, Answer> {
  const end =
    ends.get(model) ??
    composed(
      within.map((make) => make(model)),
      attempt,
    );
  ends.set(model, end);
  return end;
}

async function attempt(request: Attempt): Promise<Answer> {
  for (const stop of request.stops) stop?.throwIfAborted();
  const sending = request.outcome.sending?.();
  if (sending !== undefined) await sending;
  const work = () => attempts[request.model.kind](request);
  return request.lane === undefined ? work() : request.lane.watch(work);
}

/** Ends a call at the deadline of the run; the calls of a pattern have it too. */
function withDeadline({ kind }: ResolvedModel): CallPolicy | undefined {
  return kind === "pattern" ? undefined : deadlined;
}

/** Reserves in budgets; graphs and agents reserve for each of their calls. */
function withBudget({ kind }: ResolvedModel): CallPolicy | undefined {
  return kind === "chat" ? budgeted : undefined;
}

/** Records the latency of answers, for `byLatency`. */
function timed(): CallPolicy {
  return (request, next) =>
    request.options.role === "answer" ? withLatency(request.client, () => next(request), request) : next(request);
}

/** Skips a client for a while after a rate limit; a graph's own models do that themselves. */
function cooling({ kind, entry }: ResolvedModel): CallPolicy | undefined {
  if (kind !== "chat") return undefined;
  return (request, next) => withCoolDown(request.client, () => next(request), { ...entry.coolDown, ...request });
}
