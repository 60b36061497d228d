import type { LoopbackRequest } from "./loopback-request.js";

interface Waiter {
  readonly ready: () => boolean;
  readonly resolve: () => void;
}

/** Records requests, counts open ones, and waits for changes without sleeping. */
export interface RequestLog {
  readonly requests: readonly LoopbackRequest[];
  open(): void;
  add(request: LoopbackRequest): void;
  end(): void;
  settled(): Promise<void>;
  received(count: number): Promise<void>;
  close(): void;
}

export function createRequestLog(): RequestLog {
  const requests: LoopbackRequest[] = [];
  let waiters: Waiter[] = [];
  let open = 0;
  let closed = false;

  function wake(): void {
    const ready = waiters.filter((waiter) => waiter.ready());
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  }

  function until(ready: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      waiters.push({ ready, resolve });
      wake();
    });
  }

  return {
    requests,
    open: () => {
      open += 1;
    },
    add: (request) => {
      requests.push(request);
      wake();
    },
    end: () => {
      open -= 1;
      wake();
    },
    settled: () => until(() => open === 0),
    received: async (count) => {
      await until(() => requests.length >= count || closed);
      if (requests.length >= count) return;
      throw new Error(`The loopback server was closed after ${requests.length} of ${count} requests.`);
    },
    close: () => {
      closed = true;
      wake();
    },
  };
}
