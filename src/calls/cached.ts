import type { ResolvedModel } from "../models/resolve.js";
import type { Cache } from "../resilience/cache.js";
import type { Policy } from "../resilience/policy.js";
import { SingleFlight } from "../resilience/single-flight.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { cacheRequest } from "./cache-request.js";
import { giveAgain } from "./give-again.js";
import { decide } from "./scope.js";
import { readStored, storedAnswer } from "./stored-answer.js";

const flights = new WeakMap<Cache, SingleFlight>();

/** Answers from the cache of the entry, and keeps the answers of its model there. */
export function cached({ entry: { cache, timeout } }: ResolvedModel): Policy<Attempt, Answer> | undefined {
  if (cache === undefined) return undefined;
  const inFlight = flights.get(cache) ?? new SingleFlight();
  flights.set(cache, inFlight);
  return async (request, next) => {
    const asked = request.options.fresh === true ? undefined : cacheRequest(request);
    const place = asked && (await cache.lookUp(asked));
    noteTrouble(cache, request);
    if (place === undefined) return next(request);
    const { key, keep } = place;
    const text = place.found ?? (key === undefined ? undefined : await inFlight.join(key, request.stops, timeout));
    const stored = text === undefined ? undefined : readStored(text);
    if (stored !== undefined) {
      const { reason, ...found } = place;
      const { node: chosen } = request.scope;
      if (reason !== undefined) {
        const { scores, threshold } = found;
        decide(request.scope, {
          kind: "skip",
          chosen,
          reason,
          ...(scores && { scores }),
          ...(threshold && { threshold }),
        });
      }
      return giveAgain(request, stored);
    }
    const share = (answer: Answer) => {
      const text = storedAnswer(answer);
      if (text !== undefined) keep(text);
      return text;
    };
    if (key !== undefined) return inFlight.lead(key, () => next(request), share);
    const answer = await next(request);
    share(answer);
    return answer;
  };
}

function noteTrouble(cache: Cache, { scope }: Attempt): void {
  const trouble = cache.trouble();
  if (trouble !== undefined) {
    decide(scope, { kind: "skip", chosen: scope.node, reason: `${cache.name} is passed over: ${trouble}` });
  }
}
