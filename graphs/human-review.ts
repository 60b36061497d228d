import { interrupt } from "@langchain/langgraph";

/** What a person is asked to allow: an action with the arguments it would have. */
export interface Action<Args extends object> {
  readonly name: string;
  readonly args: Args;
  readonly description: string;
}

/** What a person decided. */
export type Review<Args extends object> =
  | { readonly type: "approve" }
  | { readonly type: "edit"; readonly args: Args }
  | { readonly type: "reject"; readonly message?: string };

const forms = '{ decisions: [{ type: "approve" }] }, edit with edited_action: { name, args }, or reject';
/** Replies that were typed instead of clicked. */
const words: Readonly<Record<string, "approve" | "reject">> = {
  ...{ true: "approve", yes: "approve", approve: "approve" },
  ...{ false: "reject", no: "reject", reject: "reject" },
};

/**
 * Asks a person by an interrupt in LangChain's human-in-the-loop form, for which agent-chat-ui shows buttons. After a reply that
 * cannot be read, asks again and names it.
 *
 * @param isArgs returns whether edited arguments can be used
 */
export function review<Args extends object>(
  action: Action<Args>,
  isArgs: (args: object) => args is Args,
): Review<Args> {
  let description = action.description;
  for (;;) {
    const reply: unknown = interrupt({
      action_requests: [{ ...action, description }],
      review_configs: [{ action_name: action.name, allowed_decisions: ["approve", "edit", "reject"] }],
    });
    const decided = readReview(reply, isArgs);
    if (decided !== undefined) return decided;
    description = `${shown(reply)} is no decision; resume with ${forms}.\n\n${action.description}`;
  }
}

function readReview<Args extends object>(
  reply: unknown,
  isArgs: (args: object) => args is Args,
): Review<Args> | undefined {
  const { decisions } = Object(reply) as { readonly decisions?: unknown };
  if (!Array.isArray(decisions)) {
    const type = words[String(reply).trim().toLowerCase()];
    return type && { type };
  }
  const { type, message, edited_action, editedAction } = Object(decisions[0]) as Readonly<Record<string, unknown>>;
  if (type === "approve") return { type };
  if (type === "reject") return { type, ...(typeof message === "string" && { message }) };
  const { args } = Object(edited_action ?? editedAction) as { readonly args?: unknown };
  return type === "edit" && typeof args === "object" && args !== null && isArgs(args) ? { type, args } : undefined;
}

function shown(reply: unknown): string {
  return (JSON.stringify(reply) ?? String(reply)).slice(0, 200);
}
