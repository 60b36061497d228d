import { errorReply, RequestError } from "./request-error.js";

/** Ends a request: its signal fires when the request takes too long or its client goes away. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Waits for work as long as the request lasts, even if the work ignores the signal. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** The client went away. */
  leave(): void;
  /** The request has been read: from now on it is this server that is slow. */
  begin(): void;
  /** The request is answered. */
  end(): void;
}

/** @param timeout milliseconds */
export function openDeadline(client: AbortSignal, timeout: number): Deadline {
  const ending = new AbortController();
  const { signal } = ending;
  let late = errorReply(408, `The request did not come within ${timeout} ms`, { type: "timeout", code: "timeout" });
  const timer = setTimeout(() => ending.abort(new RequestError(late)), timeout);
  const leave = () => ending.abort(new RequestError(errorReply(408, "The client went away")));
  client.addEventListener("abort", leave, { once: true });
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  ended.catch(() => {}); // it may end while nobody waits
  if (client.aborted) leave();
  return {
    signal,
    within: (work) => Promise.race([work, ended]),
    leave,
    begin: () => {
      late = errorReply(504, `No answer within ${timeout} ms`, { type: "timeout", code: "timeout" });
    },
    end: () => {
      clearTimeout(timer);
      client.removeEventListener("abort", leave);
    },
  };
}

/** Waits until work is settled, but no longer than `ms`. @returns whether it is */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
