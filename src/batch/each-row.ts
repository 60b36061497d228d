/** Most items started in one turn of the event loop, so that a wave of starts does not hold up the runs before it. */
const startsPerTurn = 10;

/** How a stream of inputs is worked through. */
export interface EachOptions<Input, Row> {
  /** Most items under way or waiting for the reader. */
  readonly concurrency: number;
  /** Ends it: nothing more is started. */
  readonly signal: AbortSignal | undefined;
  /** Works on one item until the signal aborts, as it also does when the reader leaves; `undefined` gives no row. */
  readonly work: (input: Input, number: number, signal: AbortSignal) => Promise<Row | undefined>;
}

/**
 * Gives the rows of inputs as they come. Pulls an input when fewer than `concurrency` are under way or wait to be read, so that a slow
 * reader slows the source. After an abort, or a failure of the source, what is under way still gives its rows. A reader that leaves aborts
 * what is under way.
 *
 * @throws what the source or `work` throws, after the rows
 */
export async function* eachRow<Input, Row>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  { concurrency, signal: given, work }: EachOptions<Input, Row>,
): AsyncGenerator<Row, void, undefined> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, ...(given === undefined ? [] : [given])]);
  const source = iteratorOf(inputs);
  const ready: Row[] = [];
  const running = new Set<Promise<void>>();
  let wake = () => {};
  let isPulling = false;
  let number = 0;
  let ended = false;
  let failed: { readonly error: unknown } | undefined;
  const isOver = () => ended || failed !== undefined || signal.aborted;
  const hasRoom = () => !isOver() && running.size + ready.length < concurrency;

  const start = (input: Input) => {
    const run = work(input, ++number, signal)
      .then(
        (row) => void (row === undefined || ready.push(row)),
        (error: unknown) => {
          failed ??= { error };
        },
      )
      .finally(() => {
        running.delete(run);
        wake();
      });
    running.add(run);
  };
  const pull = async () => {
    isPulling = true;
    try {
      while (hasRoom()) {
        const next = await source.next();
        if (next.done === true) ended = true;
        else if (!isOver()) start(next.value);
        if (number % startsPerTurn === 0) await turn();
      }
    } catch (error) {
      failed ??= { error };
    } finally {
      isPulling = false;
      wake();
    }
  };
  const abort = () => wake();
  signal.addEventListener("abort", abort);
  try {
    for (;;) {
      if (hasRoom() && !isPulling) void pull();
      if (ready.length > 0) yield ready.shift()!;
      else if (isOver() && running.size === 0) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    if (failed !== undefined) throw failed.error;
  } finally {
    signal.removeEventListener("abort", abort);
    left.abort();
    await Promise.all(running);
    if (!ended) void Promise.resolve(source.return?.()).catch(() => {}); // a source that hangs holds nothing up
  }
}

function iteratorOf<Input>(inputs: Iterable<Input> | AsyncIterable<Input>): Source<Input> {
  return Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
}

interface Source<Input> {
  next(): IteratorResult<Input> | Promise<IteratorResult<Input>>;
  return?(): unknown;
}

/** Resolves in another turn of the event loop, in every runtime. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if ("setImmediate" in globalThis) globalThis.setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
