import { errorReply, RequestError } from "./request-error.js";

/** Ends a request: its signal fires when the request takes too long or its client goes away. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Waits for work as long as the request lasts, even if the work ignores the signal. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** The client went away. */
  leave(): void;
  /** The request is answered. */
  end(): void;
}

/** @param timeout milliseconds */
export function openDeadline(client: AbortSignal, timeout: number): Deadline {
  const ending = new AbortController();
  const { signal } = ending;
  const late = errorReply(504, `No answer within ${timeout} ms`, { type: "timeout", code: "timeout" });
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
    end: () => {
      clearTimeout(timer);
      client.removeEventListener("abort", leave);
    },
  };
}
