import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";

/** A client, or a binding of one, in so far as it looks answers up. */
interface Looking {
  readonly cache?: unknown;
  readonly bound?: Looking;
}

/** True for a client that looks its answers up in a cache of LangChain's (`new ChatOpenAI({ cache: true })`). */
export function hasCache(runnable: unknown): boolean {
  const { cache, bound } = (runnable ?? {}) as Looking;
  return bound === undefined ? cache !== undefined : hasCache(bound);
}

/** Hears that an answer came from the cache: LangChain says so as the call ends, and nowhere else. */
class HitListener extends BaseCallbackHandler {
  override readonly name = "multimodel_cache";
  override readonly awaitHandlers = true;

  constructor(private readonly onHit: () => void) {
    super();
  }

  override handleLLMEnd(
    _output: unknown,
    _runId: string,
    _parentRunId?: string,
    _tags?: string[],
    { cached }: Record<string, unknown> = {},
  ): void {
    if (cached === true) this.onHit();
  }
}

/** The callbacks of a call, and beside them one that says when its answer came from the cache of its client. */
export function hearingHits(callbacks: Callbacks | undefined, onHit: () => void): Callbacks {
  const listener = new HitListener(onHit);
  if (callbacks === undefined || Array.isArray(callbacks)) return [...(callbacks ?? []), listener];
  const hearing = callbacks.copy();
  hearing.addHandler(listener);
  return hearing;
}
