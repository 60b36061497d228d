import type { BaseMessage } from "@langchain/core/messages";
import { isSensitive } from "../calls/turn.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import type { StageOutput } from "../state/orchestration-state.js";
import { toHex } from "../text/bytes.js";
import { cutText } from "../text/cut-text.js";
import { digest } from "../text/digest.js";
import { readable } from "../text/readable.js";
import { tagged } from "../text/tagged.js";
import type { Context, ContextTurn } from "./context.js";
import { splitOpening } from "./exchanges.js";
import { type Entry, entriesIn, labelsOf, type Memory, type Namespace, outputPrefix, storeOf } from "./memory-store.js";
import { addedMessage, latestQuestion, transcript } from "./transcript.js";

export interface SharedMemoryOptions {
  /** Location in the store: a label, a path of labels, or a function of the turn (for a memory per user). */
  readonly namespace: Namespace;
  /** Number of outputs kept; older ones are deleted from the store. @default 50 */
  readonly limit?: number;
}

/**
 * Keeps the outputs of stages in LangGraph's store, and shows them to every stage with the same namespace: in this run, in later
 * runs, on other threads, in other processes.
 *
 * **When to use** - stages or whole graphs should build on earlier results, like a team with one notebook.
 * **Gotchas** - the graph needs a store: `.compile({ store })`. The memory precedes the conversation, oldest first, without what
 * this run or the conversation shows anyway. Your own items in the namespace (`{ text }`, or any JSON) are shown too, and never
 * deleted. Each output is stored once, even if its node runs again. If reading the store fails, so does the stage, before its
 * model call; if writing fails, the answer stays and a `skip` decision records it. LangGraph allows no "." in a label.
 *
 * @returns a `Context`: the full history, with the memory before it
 * @example
 * ```ts
 * const context = sharedMemory({ namespace: ({ config }) => ["users", config.configurable?.userId ?? "anonymous"] });
 * createPipeline({ stages: { plan: large, write: small }, context }).compile({ store: new InMemoryStore() });
 * ```
 * @throws {InvalidOptionError} when `namespace` or `limit` is invalid; during the run, when the graph has no store
 */
export function sharedMemory(options: SharedMemoryOptions): Context {
  checkKeys(options, "sharedMemory", ["namespace", "limit"]);
  const { namespace, limit = 50 } = options;
  refuseFactory(namespace, "sharedMemory.namespace");
  if (typeof namespace !== "function") labelsOf(namespace);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidOptionError("sharedMemory.limit", limit, "give a whole number of outputs, at least 1");
  }
  const expired = (entries: readonly Entry[]) => {
    const outputs = entries.filter(({ output }) => output !== undefined);
    return outputs.slice(0, Math.max(0, outputs.length - limit));
  };

  async function open(turn: ContextTurn): Promise<Memory> {
    const store = storeOf(turn);
    const labels = labelsOf(typeof namespace === "function" ? namespace(turn) : namespace);
    return { store, labels, entries: await entriesIn(store, labels) };
  }

  async function remember({ store, labels, entries }: Memory, given: readonly Required<Entry>[]): Promise<void> {
    const known = new Set(entries.map(({ key }) => key));
    const fresh = given.slice(-limit).filter(({ key }) => !known.has(key));
    await Promise.all(fresh.map(({ key, output }) => store.put(labels, key, { ...output })));
    await Promise.all(expired([...entries, ...fresh]).map(({ key }) => store.delete(labels, key)));
  }

  async function sharedMemory(turn: ContextTurn): Promise<readonly BaseMessage[]> {
    const memory = await open(turn);
    const given = entriesOf(turn, turn.outputs);
    if (!isSensitive(turn)) await remember(memory, given).catch(() => {}); // `keep` tries again, and its error is recorded
    const said = new Set(
      turn.messages.flatMap((message) => [readable(message), cutText(message.text, longestQuestion)]),
    );
    const isSaid = ({ text, output }: Entry) => output !== undefined && said.has(text) && said.has(output.question);
    const hidden = new Set([...given, ...expired(memory.entries)].map(({ key }) => key));
    const shown = memory.entries.filter((entry) => !hidden.has(entry.key) && !isSaid(entry));
    const { system, rest } = splitOpening(transcript(turn));
    return [...system, ...shown.map(memoryMessage), ...rest];
  }

  const keep = async (turn: ContextTurn, output: StageOutput) => {
    if (!isSensitive(turn)) await remember(await open(turn), entriesOf(turn, [...turn.outputs, output]));
  };
  return Object.assign(sharedMemory, { keep });
}

/** Converts outputs to entries. Their keys are the same when a node runs again, so that nothing is stored twice. */
function entriesOf({ messages }: ContextTurn, outputs: readonly StageOutput[]): readonly Required<Entry>[] {
  const asked = messages.at(-1)?.id;
  const question = cutText(latestQuestion(messages)?.text ?? "", longestQuestion);
  const now = Date.now();
  return outputs.map(({ stage, message }, index) => {
    const text = readable(message);
    const identity = JSON.stringify([asked, index, stage, message.id, text]); // some servers repeat message ids
    const key = `${outputPrefix}${toHex(digest(identity)).slice(0, 32)}`;
    return { key, text, output: { stage, text, question, at: now + index / 1_000 } };
  });
}

/** Maximum length of a stored question, in characters. */
const longestQuestion = 500;

function memoryMessage({ key, text, output }: Entry): BaseMessage {
  return addedMessage(
    tagged("memory", text, output === undefined ? { key } : { stage: output.stage, question: output.question }),
  );
}
