import { showsTokens } from "../langgraph/callbacks-below.js";
import { claimingTokens } from "../langgraph/claiming-tokens.js";
import type { ResolvedModel } from "../models/resolve.js";
import { countCall, hedgeDelay } from "../resilience/hedge.js";
import { withLatency } from "../resilience/latency.js";
import type { Policy } from "../resilience/policy.js";
import { type Lane, type Raced, raceTwice } from "../resilience/race-twice.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { isControlFlow, isFault } from "./control-flow.js";
import { decide } from "./scope.js";
import { showingOf } from "./showing.js";

/** Sends a call of a chat model a second time if it has no answer after the time that the entry's `hedge` says. */
export function hedged({ entry: { hedge }, guards }: ResolvedModel): Policy<Attempt, Answer> | undefined {
  if (hedge === undefined) return undefined;
  return (request, next) => {
    const { client, scope, options } = request;
    const measured = measuredAs(client, options.role);
    const call = countCall(client, hedge);
    const work = (lane: Lane) => {
      const watch: Lane["watch"] = (attempt) =>
        lane.watch(() =>
          "percentile" in hedge ? withLatency(measured, attempt, { ...request, stops: [lane.signal] }) : attempt(),
        );
      return next(requestOf(request, { ...lane, watch }));
    };
    return raceTwice(
      work,
      {
        stops: [options.signal],
        delayMs: () => hedgeDelay(hedge, measured),
        mayRepeat: () => guards.every((guard) => guard.unavailable(client) === undefined) && call.claim(),
        endsCall: (error) => isControlFlow(error, scope, options.signal) || isFault(error),
      },
      (raced) => noteHedge(request, raced),
    );
  };
}

const owners = new WeakMap<object, Map<string, object>>();

/** Returns what the latencies of a client in one role are kept under: judges are as slow as judges. */
function measuredAs(client: object, role: string): object {
  const roles = owners.get(client) ?? new Map<string, object>();
  owners.set(client, roles);
  const owner = roles.get(role) ?? {};
  roles.set(role, owner);
  return owner;
}

/** Makes one of the two requests. Its tokens are shown only if it is the first to have one. */
function requestOf(request: Attempt, lane: Lane): Attempt {
  const { scope, options, stops } = request;
  const { callbacks } = scope.config;
  const isShown = showingOf(scope, options) !== "hidden" && showsTokens(callbacks);
  const config = isShown ? { ...scope.config, callbacks: claimingTokens(callbacks, lane.claim) } : scope.config;
  return {
    ...request,
    lane,
    hedge: lane.number,
    ...(lane.number > 0 && { waitedMs: 0 }),
    scope: { ...scope, config },
    options: { ...options, signal: lane.signal },
    stops: [...stops, lane.signal],
  };
}

function noteHedge({ scope }: Attempt, { afterMs, winner }: Raced): void {
  if (afterMs === undefined) return;
  const first = winner === 0;
  const ending =
    winner === undefined ? "neither gave an answer" : `the ${first ? "first" : "second"} request answered first`;
  const reason = `sent twice, since there was no answer after ${Math.round(afterMs)} ms: ${ending}`;
  decide(scope, { kind: "hedge", chosen: scope.node, reason });
}
