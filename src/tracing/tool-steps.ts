import { randomUUID } from "node:crypto";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";

/**
 * The tool calls a model makes on its way, taken down as they are seen: whoever takes over is told of those that completed, so
 * that no side effect runs twice.
 */
export class ToolSteps {
  private seen: (AIMessage | ToolMessage)[] = [];
  private readonly given: ReadonlySet<unknown>;

  /** @param given the conversation before: what is in it is no step of this model */
  constructor(given: readonly BaseMessage[] = []) {
    this.given = new Set(given.flatMap((message) => (message.id === undefined ? [message] : [message, message.id])));
  }

  /** Takes down a call or a result, in the order of the conversation: one that is seen again moves to the end. */
  note(message: unknown): void {
    if (!(ToolMessage.isInstance(message) || (AIMessage.isInstance(message) && message.tool_calls?.length))) return;
    const { id } = message;
    if (this.given.has(message) || this.given.has(id)) return;
    this.seen = this.seen.filter((known) => known !== message && (id === undefined || known.id !== id));
    this.seen.push(message);
  }

  /** Calls that got a result, each with its own; a call that got none is left out. */
  completed(): readonly BaseMessage[] {
    const unclaimed: ToolMessage[] = [];
    const exchanges: BaseMessage[][] = [];
    for (const message of this.seen.toReversed()) {
      if (ToolMessage.isInstance(message)) unclaimed.unshift(message);
      else exchanges.unshift(exchangeOf(message, unclaimed));
    }
    return exchanges.flat();
  }
}

/**
 * A call as any provider accepts it, and the results it claims. Ids are new: providers that number the calls of each request
 * repeat them, and an agent takes a call whose id has a result in the conversation for done.
 */
function exchangeOf(message: AIMessage, unclaimed: ToolMessage[]): BaseMessage[] {
  const results: ToolMessage[] = [];
  const tool_calls = (message.tool_calls ?? []).flatMap((call) => {
    const index = unclaimed.findIndex(({ tool_call_id }) => tool_call_id === call.id);
    const [result] = index < 0 ? [] : unclaimed.splice(index, 1);
    if (result === undefined) return [];
    const id = `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
    const { content, status, name = call.name } = result;
    results.push(new ToolMessage({ id: randomUUID(), tool_call_id: id, name, content, ...(status && { status }) }));
    return [{ ...call, id }];
  });
  return results.length === 0
    ? []
    : [new AIMessage({ id: randomUUID(), content: message.text, tool_calls }), ...results];
}
