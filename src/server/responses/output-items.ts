import { randomUUID } from "node:crypto";
import type { Thought } from "../answer/thoughts.js";
import type { WrittenCall } from "../answer/whole-answer.js";
import type { OutputItem } from "./kept-items.js";
import { sealOf } from "./sealed-thoughts.js";

export const newItemId = (kind: "msg" | "fc" | "rs") => `${kind}_${randomUUID().replaceAll("-", "")}`;

/** Reasoning as an item; what Claude signed goes into `encrypted_content`. */
export function reasoningItem(id: string, thought: Thought, status = "completed") {
  const { text } = thought;
  const summary = text === "" ? [] : [{ type: "summary_text", text }];
  return { id, type: "reasoning", status, summary, encrypted_content: sealOf(thought) } satisfies OutputItem & object;
}

export function messageItem(id: string, content: readonly object[], status = "completed") {
  return { id, type: "message", status, role: "assistant", content } satisfies OutputItem & object;
}

export const textPart = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
export const refusalPart = (refusal: string) => ({ type: "refusal", refusal });

export function callItem(id: string, { id: call_id, name, args }: WrittenCall, status = "completed") {
  return { id, type: "function_call", status, call_id, name, arguments: args } satisfies OutputItem & object;
}
