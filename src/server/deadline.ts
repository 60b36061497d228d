import { errorReply, RequestError } from "./request-error.js";

/** Lifetime of a request: its signal fires on time-out or when the client disconnects. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Awaits work until the deadline, even when the work ignores the signal. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** Reports that the client disconnected. */
  leave(): void;
  /** Marks the request as read: a time-out is now 504 instead of 408. */
  begin(): void;
  /** Releases the timer and the listener. */
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
  ended.catch(() => {}); // prevents an unhandled rejection
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

/** Awaits work for at most `ms`. @returns whether it settled in time */
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
