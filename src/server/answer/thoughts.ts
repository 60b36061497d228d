import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";

/** A part of a model's reasoning. */
export interface Thought {
  readonly text: string;
  /** Proof of its provider that the reasoning is its own; Claude's API requires it back with the results of tools. */
  readonly signature?: string;
  /** Encrypted reasoning of Claude, in the place of a text. */
  readonly redacted?: string;
}

/** Returns the model's reasoning, from its own field or from content blocks. */
export function thoughtsOf({ content, additional_kwargs: { reasoning_content: field } }: AIMessage | AIMessageChunk) {
  if (typeof field === "string" && field !== "") return [{ text: field }];
  if (typeof content === "string") return [];
  return content.flatMap((block) => thoughtIn(block as Block));
}

/** Returns the text of the reasoning. */
export function thoughtText(thoughts: readonly Thought[]): string {
  return thoughts.map(({ text }) => text).join("");
}

interface Block {
  readonly type?: unknown;
  readonly thinking?: unknown;
  readonly reasoning?: unknown;
  readonly summary?: unknown;
  readonly signature?: unknown;
  readonly data?: unknown;
}

function thoughtIn({ type, thinking, reasoning, summary, signature, data }: Block): Thought[] {
  if (type === "redacted_thinking" && isText(data)) return [{ text: "", redacted: data }];
  if (type !== "thinking" && type !== "reasoning") return [];
  const said = Array.isArray(summary)
    ? summary.map((part: { text?: unknown } | null) => part?.text)
    : [thinking, reasoning];
  const text = said.filter(isText).join("");
  if (text === "" && !isText(signature)) return [];
  return [{ text, ...(isText(signature) && { signature }) }];
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
