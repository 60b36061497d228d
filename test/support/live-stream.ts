import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { AttemptDiscarded } from "../../src/index.js";

/** What a reader saw of a live run: texts by message id, what was taken back, and the answer. */
export interface Seen {
  readonly texts: Map<string, string>;
  readonly discarded: AttemptDiscarded[];
  readonly paths: Map<string, unknown>;
  answer: AIMessage | undefined;
}

interface Streams {
  stream(input: never, options: never): Promise<AsyncIterable<unknown>>;
}

/** Reads `messages`, `custom` and `values` of a graph, as an application that drops drafts by their id. */
export async function readLive(graph: Streams, options: object = {}): Promise<Seen> {
  const seen: Seen = { texts: new Map(), discarded: [], paths: new Map(), answer: undefined };
  const input = { messages: "A question" } as never;
  const settings = { streamMode: ["messages", "custom", "values"], context: { stream: "live" }, ...options } as never;
  for await (const [mode, event] of (await graph.stream(input, settings)) as AsyncIterable<[string, never]>) {
    if (mode === "custom") {
      if ((event as { type: string }).type === "attempt_discarded") seen.discarded.push(event);
    } else if (mode === "values") {
      const { messages } = event as { messages?: BaseMessage[] }; // an interrupt has none
      if (messages !== undefined) seen.answer = messages.at(-1) as AIMessage;
    } else {
      const [message, metadata] = event as [AIMessageChunk, Record<string, unknown>];
      if (message.type !== "ai" || message.text === "") continue;
      seen.texts.set(message.id!, (seen.texts.get(message.id!) ?? "") + message.text);
      seen.paths.set(message.id!, metadata.multimodel_path);
    }
  }
  return seen;
}

/** Texts that were shown and not taken back. */
export function kept({ texts, discarded }: Pick<Seen, "texts" | "discarded">): [string, string][] {
  const gone = new Set(discarded.map(({ messageId }) => messageId));
  return [...texts].filter(([id]) => !gone.has(id));
}
