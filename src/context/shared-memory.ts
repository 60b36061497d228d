import { createHash } from "node:crypto";
import type { BaseMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../errors.js";
import type { Output } from "../state/orchestration-state.js";
import type { Context, ContextTurn } from "./context.js";
import { cutText } from "./cut-text.js";
import { opening } from "./exchanges.js";
import { type Entry, entriesIn, forget, labelsOf, type Namespace, storeOf, write } from "./memory-store.js";
import { tagged } from "./tagged.js";
import { added, latestQuestion, readable, transcript } from "./transcript.js";

export interface SharedMemoryOptions {
  /** Where the memory is in the store: a label, a path of labels, or a function of the turn (one for each user). */
  readonly namespace: Namespace;
  /** How many outputs are remembered; older ones are deleted from the store. @default 50 */
  readonly limit?: number;
}

/**
 * Remembers what stages gave, in LangGraph's store, and shows it to every stage that shares the namespace: in this run, in later
 * runs, on other threads, in other processes.
 *
 * **When to use** - stages or whole graphs should build on what others found out before, as a team with one notebook does.
 * **Gotchas** - the graph needs a store: `.compile({ store })`. Memory comes before the conversation, oldest first; what is part
 * of this run or of the conversation anyway is not shown twice. Items of your own in the namespace (`{ text }`, or any JSON) are
 * shown too and never deleted. An output is stored once, however often a node runs again. A store that cannot be read fails the
 * stage before it costs anything. LangGraph allows no "." in a label.
 *
 * @returns a `Context`: all there is, with the memory before it
 * @example
 * ```ts
 * const context = sharedMemory({ namespace: ({ config }) => ["users", config.configurable?.userId ?? "anonymous"] });
 * ```
 * @throws {InvalidOptionError} when `namespace` or `limit` is unusable; as it runs, when the graph has no store
 */
export function sharedMemory({ namespace, limit = 50 }: SharedMemoryOptions): Context {
  if (typeof namespace !== "function") labelsOf(namespace);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidOptionError("sharedMemory.limit", limit, "give a whole number of outputs, at least 1");
  }
  async function sharedMemory(turn: ContextTurn): Promise<readonly BaseMessage[]> {
    const entries = await remember(turn, turn.outputs);
    const own = new Set(turn.outputs.map((output, index) => keyOf(turn, output, index)));
    const said = new Set(turn.messages.map(({ text }) => text));
    const memory = entries.filter(({ key, text }) => !own.has(key) && !said.has(text));
    const { system, rest } = opening(transcript(turn));
    return [...system, ...memory.map(memoryMessage), ...rest];
  }
  /** Stores what is not stored yet; returns all there is. */
  async function remember(turn: ContextTurn, outputs: readonly Output[]): Promise<readonly Entry[]> {
    const store = storeOf(turn);
    const labels = labelsOf(typeof namespace === "function" ? namespace(turn) : namespace);
    const before = await entriesIn(store, labels);
    const known = new Set(before.map(({ key }) => key));
    const fresh = outputs
      .map((output, index) => entryOf(turn, output, index))
      .filter(({ key }) => !known.has(key));
    await write(store, labels, fresh);
    ...
  }
  return Object.assign(sharedMemory, {
    keep: async (turn: ContextTurn, output: Output) => {
      await remember(turn, [...turn.outputs, output]);
    },
  });
}
