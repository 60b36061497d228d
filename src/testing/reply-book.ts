import type { LoopbackRequest } from "./loopback-request.js";
import type { Reply, ReplySource } from "./reply.js";

interface Queue {
  readonly waiting: ReplySource[];
  last?: ReplySource;
}

/** Queues of replies by model. */
export interface ReplyBook {
  add(model: string, replies: readonly ReplySource[]): void;
  next(request: LoopbackRequest): Promise<Reply>;
}

export function createReplyBook(otherwise: ReplySource): ReplyBook {
  const queues = new Map<string, Queue>();
  return {
    add: (model, replies) => {
      const queue = queues.get(model) ?? { waiting: [] };
      queue.waiting.push(...replies);
      queues.set(model, queue);
    },
    next: async (request) => {
      const queue = queues.get(request.model);
      if (queue && queue.waiting.length > 0) queue.last = queue.waiting.shift();
      const source = queue?.last ?? otherwise;
      return typeof source === "function" ? source(request) : source;
    },
  };
}
