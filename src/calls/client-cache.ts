import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";

interface CachingClient {
  readonly cache?: unknown;
  readonly bound?: CachingClient;
}

/** Returns true for a client with a LangChain cache (`new ChatOpenAI({ cache: true })`). */
export function hasCache(runnable: unknown): boolean {
  const { cache, bound } = (runnable ?? {}) as CachingClient;
  return bound === undefined ? cache !== undefined : hasCache(bound);
}

/** Detects cached answers: LangChain reports them only in `handleLLMEnd`. */
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

/** Adds a callback that fires if the answer came from the client's cache. */
export function withHitListener(callbacks: Callbacks | undefined, onHit: () => void): Callbacks {
  const listener = new HitListener(onHit);
  if (callbacks === undefined || Array.isArray(callbacks)) return [...(callbacks ?? []), listener];
  const hearing = callbacks.copy();
  hearing.addHandler(listener);
  return hearing;
}
