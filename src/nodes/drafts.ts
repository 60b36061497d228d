import type { AIMessage } from "@langchain/core/messages";
import { copyMessage } from "../calls/answer.js";
import { discard } from "../calls/attempt.js";
import { type Scope, siblingPath } from "../calls/scope.js";
import { showsDrafts } from "../calls/showing.js";
import type { Candidate, StageOutput } from "../state/orchestration-state.js";

/** An answer that a live run has shown: a candidate, or the output of a stage or worker. */
type Draft = Pick<Candidate, "message" | "modelUsed" | "discarded"> &
  ({ readonly name: string } | Pick<StageOutput, "stage">);

/** Reports a draft as discarded in a live run, once. Returns it with a mark, so that it gets a new id if it is returned later. */
export function dropDraft<Shown extends Draft>(scope: Scope, draft: Shown, reason: string): Shown {
  const { message, modelUsed, discarded } = draft;
  if (discarded || message.id === undefined || !showsDrafts(scope)) return draft;
  discard(scope, message.id, reason, modelUsed ?? siblingPath(scope, "name" in draft ? draft.name : draft.stage));
  return { ...draft, discarded: true };
}

/** Reports every draft of a live run but the returned one as discarded. Returns the message, with a new id if it was shown otherwise. */
export function dropOthers(scope: Scope, drafts: readonly Draft[], returned: AIMessage, reason: string): AIMessage {
  const own = drafts.find(({ message }) => message.id === returned.id);
  const shown = new Map(
    drafts.filter(({ message }) => message.id !== returned.id).map((draft) => [draft.message.id, draft]),
  );
  for (const draft of shown.values()) dropDraft(scope, draft, reason);
  return own === undefined ? returned : rewritten(scope, own, returned).message;
}

/**
 * Puts another message in the place of a shown draft, such as that of a verifier. Unless readers of a live run have seen just that,
 * the draft is reported as discarded, and the message gets an id of its own.
 */
export function rewritten<Shown extends Draft>(scope: Scope, draft: Shown, message: AIMessage): Shown {
  if (!showsDrafts(scope) || (message.id === draft.message.id && looksLike(message, draft.message))) {
    return { ...draft, message };
  }
  return { ...dropDraft(scope, draft, "another text was put in its place"), message: withNewId(message) };
}

/** Returns the message of a draft that is returned: with a new id if its own is reported as discarded. */
export function returnedMessage({ message, discarded }: Pick<Draft, "message" | "discarded">): AIMessage {
  return discarded ? withNewId(message) : message;
}

function withNewId(message: AIMessage): AIMessage {
  return copyMessage(message, { id: crypto.randomUUID() });
}

function looksLike(one: AIMessage, other: AIMessage): boolean {
  const seen = ({ content, tool_calls = [] }: AIMessage) => JSON.stringify([content, tool_calls]);
  return one === other || seen(one) === seen(other);
}
