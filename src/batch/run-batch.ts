import { InvalidInputError } from "../errors/index.js";
import { rememberEnvironment } from "../secrets/remember-secrets.js";
import type { RunContext } from "../state/run-context.js";
import { type BatchInput, type BatchItem, readInput } from "./batch-input.js";
import type { BatchOptions } from "./batch-options.js";
import { Progress } from "./batch-progress.js";
import { type BatchRow, notRun, type RowData, rowOf } from "./batch-row.js";
import { checkBatch } from "./check-batch.js";
import { type DoneItem, doneIn, doneOf } from "./done-in.js";
import { eachRow } from "./each-row.js";

/**
 * Answers many inputs, and gives a row for each as it comes.
 *
 * **When to use** - more inputs than fit in memory, or more than you want to pay for twice: unlike `graph.batch`, it reads its inputs as
 * it goes, keeps what is paid, goes on where it stopped, and a failure is a row.
 *
 * **Gotchas** - rows come in the order in which they are ready; `id` says which is which. Nothing runs until you read. An input is pulled
 * when fewer than `concurrency` are under way or unread, and leaving the loop aborts what is under way. After an abort the rows that
 * were paid for still come, then the signal's reason is thrown. What comes after the `budget` has no room is given as rows whose error
 * is a `BudgetExceededError` and which have no calls. With a `checkpointer`, a thread is named by the batch, the id, the question, its
 * context and the graph (nodes, models, prompts), so give ids that stay: an item that is done there costs nothing, and one that failed goes
 * on at the node that failed. Give a new `name` after a change of your own code, which no name shows.
 *
 * @example
 * ```ts
 * const rows = runBatch({ graph, inputs: ["What is 2 + 2?", { id: "b", prompt: "What is 3 * 6?" }], budget: 5 });
 * for await (const { id, text, error } of rows) console.log(id, text ?? error!.message);
 * ```
 * @throws {InvalidOptionError} at once, when an option is unknown or out of its range
 * @throws {InvalidModelError} at once, when `graph` is not a graph over messages
 */
export function runBatch(options: BatchOptions): AsyncGenerator<BatchRow, void, undefined> {
  const { name, answer } = checkBatch(options);
  rememberEnvironment();
  const { inputs, signal, concurrency = answer.concurrency, done = [], context, onProgress } = options;
  return rows();

  async function* rows() {
    const known = await doneIn(done, name);
    const ids = new Set<BatchRow["id"]>();
    const progress = new Progress(onProgress);

    async function work(input: BatchInput, number: number, until: AbortSignal): Promise<BatchRow | undefined> {
      let item: BatchItem;
      let before: DoneItem | undefined;
      try {
        item = readInput(input, number);
        if (ids.has(item.id)) throw new InvalidInputError(`The id ${JSON.stringify(item.id)} is used twice`);
        before = known.size === 0 ? undefined : doneOf(known, item);
      } catch (error) {
        return { id: number, target: name, ...notRun(error) };
      }
      ids.add(item.id);
      if (before?.isAnswered) return undefined;
      const own = { ...item, context: merged(context, item.context) };
      const data: RowData | undefined = await answer.run(own, until).catch((error: unknown) => {
        if (!InvalidInputError.isInstance(error)) throw error;
        return notRun(error);
      });
      return data && rowOf({ ...item, target: name }, data, before?.calls ?? []);
    }

    for await (const row of eachRow(inputs, { concurrency, signal, work })) {
      progress.note(row);
      yield row;
    }
    signal?.throwIfAborted();
  }
}

function merged(shared: RunContext | undefined, own: RunContext | undefined): RunContext | undefined {
  return shared && own ? { ...shared, ...own } : (own ?? shared);
}
