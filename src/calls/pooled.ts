import { BudgetExceededError, CircuitOpenError, LimitReachedError } from "../errors/index.js";
import { unavailableNow, waitOf } from "../models/pool.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Classified } from "../resilience/classify-error.js";
import { takeOut } from "../resilience/cooldown.js";
import type { Next } from "../resilience/policy.js";
import { requestsWait } from "../resilience/retry.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { isControlFlow } from "./control-flow.js";
import { decide } from "./scope.js";

/** Calls in progress by client. */
const loads = new WeakMap<object, number>();

/**
 * Calls the least loaded healthy client of a pool. A key that is refused, spent or rate-limited goes out, and the same attempt goes on to
 * another client at once. A retry, and the second request of a hedged call, go to a client that the call has not tried.
 *
 * @param next returns the way of a client's calls through its own policies
 */
export function pooled(
  pool: readonly ResolvedModel[],
  next: (member: ResolvedModel) => Next<Attempt, Answer>,
): Next<Attempt, Answer> {
  return async (request) => {
    const { scope, options, outcome, classify, tried } = request;
    let left = pool;
    for (let member = chosenOf(pool, tried); ; ) {
      const { client } = member;
      tried.push(client);
      loads.set(client, (loads.get(client) ?? 0) + 1);
      try {
        return await next(member)({ ...request, model: member, client });
      } catch (error) {
        if (isControlFlow(error, scope, options.signal)) throw error;
        const failure = classify(error);
        if (failure.class === "authentication") takeOut(client, failure.class, member.entry.coolDown);
        left = left.filter((other) => other !== member);
        const healthy = left.filter(
          (other) => unavailableNow(other) === undefined && !isSpentFor(other, member, error),
        );
        if (healthy.length === 0 || !isOfKey(failure, error)) throw error;
        const other = lessLoaded(untriedOf(healthy, tried));
        const place = (each: ResolvedModel) => `client ${pool.indexOf(each) + 1} of ${pool.length}`;
        const reason = `${place(member)} is out (${failure.class}); ${place(other)} is called`;
        decide(scope, { kind: "skip", chosen: scope.node, reason });
        delete outcome.cutOff;
        member = other;
      } finally {
        loads.set(client, loads.get(client)! - 1);
      }
    }
  };
}

/** Returns true if another client counts for the budget that had no room: only one with a budget of its own may still fit. */
function isSpentFor(other: ResolvedModel, { entry }: ResolvedModel, error: unknown): boolean {
  return BudgetExceededError.isInstance(error) && other.entry.budget === entry.budget;
}

/** Returns true for a failure that another key or region does not share, such as a wait that one of them requests. */
function isOfKey(failure: Classified, error: unknown): boolean {
  const { class: kind } = failure;
  if (BudgetExceededError.isInstance(error)) return true; // see `isSpentFor`
  if (LimitReachedError.isInstance(error) || CircuitOpenError.isInstance(error)) return true; // another call was faster
  return kind === "authentication" || kind === "quota" || requestsWait(failure);
}

/** Returns a healthy client, else the one that is ready first. */
function chosenOf(pool: readonly ResolvedModel[], tried: readonly object[]): ResolvedModel {
  const healthy = pool.filter((member) => unavailableNow(member) === undefined);
  if (healthy.length > 0) return lessLoaded(untriedOf(healthy, tried));
  const readyAt = (member: ResolvedModel) => waitOf(unavailableNow(member) ?? {});
  return pool.reduce((best, each) => (readyAt(each) < readyAt(best) ? each : best));
}

/** Returns the members that a call was not sent to, else those that it was not sent to last, else all. */
function untriedOf(members: readonly ResolvedModel[], tried: readonly object[]): readonly ResolvedModel[] {
  const untried = members.filter(({ client }) => !tried.includes(client));
  if (untried.length > 0) return untried;
  const others = members.filter(({ client }) => client !== tried.at(-1));
  return others.length > 0 ? others : members;
}

/**
 * Returns the less loaded of two clients drawn at random, which keeps the longest queue short without a look at all of them
 * (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001).
 */
function lessLoaded(members: readonly ResolvedModel[]): ResolvedModel {
  const one = Math.floor(Math.random() * members.length);
  const step = 1 + Math.floor(Math.random() * (members.length - 1));
  const [first, second] = [members[one]!, members[(one + step) % members.length]!];
  return (loads.get(second.client) ?? 0) < (loads.get(first.client) ?? 0) ? second : first;
}
