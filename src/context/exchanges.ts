import type { BaseMessage } from "@langchain/core/messages";
import { toolCallsOf } from "../text/readable.js";
import { latestQuestion } from "./transcript.js";

/** Messages that must stay together: one message, or tool calls with everything up to their last result. */
export type Exchange = readonly BaseMessage[];

/** Groups messages so that no tool result is separated from its call. */
export function exchanges(messages: readonly BaseMessage[]): Exchange[] {
  const starts: number[] = [];
  const callers = new Map<string, number>();
  messages.forEach((message, index) => {
    for (const { id } of toolCallsOf(message)) if (id !== undefined) callers.set(id, index);
    const { tool_call_id: answers } = message as { readonly tool_call_id?: string };
    const start = (answers === undefined ? undefined : callers.get(answers)) ?? index;
    while (starts.length > 0 && starts.at(-1)! > start) starts.pop();
    if (start === index) starts.push(index);
  });
  return starts.map((start, index) => messages.slice(start, starts[index + 1]));
}

interface ConversationParts {
  readonly system: readonly BaseMessage[];
  /** Exchanges that may be dropped, oldest first. */
  readonly older: readonly Exchange[];
  /** Exchanges that stay: the user's last message, the newest tool exchange after it, and the newest message. */
  readonly kept: readonly Exchange[];
}

export function splitConversation(messages: readonly BaseMessage[]): ConversationParts {
  const { system, rest } = splitOpening(messages);
  const groups = exchanges(rest);
  const { question, calls } = workIn(groups);
  const kept = new Set([question, calls.at(-1), groups.at(-1)]);
  return { system, older: groups.filter((group) => !kept.has(group)), kept: groups.filter((group) => kept.has(group)) };
}

export interface Work {
  /** The user's last message, with the tool exchange around it if there is one. */
  readonly question?: Exchange | undefined;
  /** Tool exchanges since: an agent that does not see them repeats its calls, and pays for them each time. */
  readonly calls: readonly Exchange[];
}

/** Finds what an agent has done since the user's last message. */
export function workIn(groups: readonly Exchange[]): Work {
  const asked = latestQuestion(groups.flat());
  const first = groups.findIndex((group) => group.some((message) => message === asked));
  return { question: groups[first], calls: groups.slice(first + 1).filter((group) => group.length > 1) };
}

export function splitOpening(messages: readonly BaseMessage[]): {
  readonly system: readonly BaseMessage[];
  readonly rest: readonly BaseMessage[];
} {
  const first = messages.findIndex(({ type }) => type !== "system");
  const count = first < 0 ? messages.length : first;
  return { system: messages.slice(0, count), rest: messages.slice(count) };
}
