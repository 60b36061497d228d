import type { BaseMessage } from "@langchain/core/messages";
import { ensureConfig, Runnable, RunnableBinding, type RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

type Streaming = Runnable<BaseMessage[], unknown>;
type Config = Partial<RunnableConfig>;

/**
 * Streams a runnable and calls `use` with each chunk. As with `Runnable.stream`, an abort ends it at once, also if the client ignores
 * its signal, and runs below see `config`; but both are arranged once instead of for each chunk, and no web stream is between: they cost
 * a quarter of a long answer.
 */
export async function eachChunk(
  runnable: Streaming,
  messages: BaseMessage[],
  given: Config,
  use: (chunk: unknown) => void,
): Promise<void> {
  const config: Config = ensureConfig(given);
  const { signal } = config;
  const read = async () => {
    for await (const chunk of await chunksOf(runnable, messages, config)) {
      if (signal?.aborted) return;
      use(chunk);
    }
  };
  const reading = AsyncLocalStorageProviderSingleton.runWithConfig(config, read, true);
  if (signal === undefined) return reading;
  let abort: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
  await Promise.race([reading, aborted]).finally(() => signal.removeEventListener("abort", abort));
}

/** Returns the chunks as the runnable makes them. A runnable with a `stream` of its own streams by it. */
async function chunksOf(runnable: Streaming, messages: BaseMessage[], config: Config): Promise<AsyncIterable<unknown>> {
  if (runnable.stream === RunnableBinding.prototype.stream) {
    const { bound, kwargs } = runnable as RunnableBinding<BaseMessage[], unknown, Config>;
    return chunksOf(
      bound,
      messages,
      await (runnable as RunnableBinding<BaseMessage[], unknown>)._mergeConfig(config, kwargs),
    );
  }
  if (runnable.stream === Runnable.prototype.stream) return runnable._streamIterator(messages, config);
  const combined = combinedOptions(runnable, config);
  return combined === undefined ? runnable.stream(messages, config) : runnable._streamIterator(messages, combined);
}

/** Returns what the `stream` of OpenAI's clients passes on: their default options with those of the call. */
function combinedOptions(runnable: Streaming, config: Config): Config | undefined {
  let owner: object | null = runnable;
  while (owner !== null && !Object.hasOwn(owner, "stream")) owner = Object.getPrototypeOf(owner);
  if (owner === null || !Object.hasOwn(owner, "_combineCallOptions")) return undefined; // a subclass with a `stream` of its own
  return (runnable as unknown as { _combineCallOptions(options: Config): Config })._combineCallOptions(config);
}
