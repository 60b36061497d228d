import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";

/** What the next model is told of a call that was cut off: it must not be repeated as if it had never been made. */
const unknownResult =
  "This call was begun and its result is not known: it may have had its effect. Check before you repeat it.";

/**
 * The tool calls a model makes on its way, taken down as they are seen: whoever takes over is told of them, so that no side
 * effect runs twice.
 */
export class ToolSteps {
  private seen: (AIMessage | ToolMessage)[] = [];
  private readonly given: ReadonlySet<unknown>;
  private readonly begun = new Set<string>();

  /** @param given the conversation before: what is in it is no step of this model */
  constructor(given: readonly BaseMessage[] = []) {
    this.given = new Set(given.flatMap((message) => (message.id === undefined ? [message] : [message, message.id])));
  }

  /** Takes down that a tool is at work. */
  begin(callId: string | undefined): void {
    if (callId !== undefined) this.begun.add(callId);
  }

  /** Takes down a call or a result, in the order of the conversation: one that is seen again moves to the end. */
  note(message: unknown): void {
    const result = ToolMessage.isInstance(message);
    if (!(result || (AIMessage.isInstance(message) && message.tool_calls?.length))) return;
    const { id } = message;
    if (this.given.has(message) || this.given.has(id)) return;
    this.seen = this.seen.filter((known) => known !== message && (id === undefined || known.id !== id));
    this.seen.push(message);
    if (result) this.begun.delete(message.tool_call_id);
  }

  /** Calls with their results; one that was not begun is left out. */
  taken(): readonly BaseMessage[] {
    const results: ToolMessage[] = [];
    const exchanges: (readonly BaseMessage[])[] = [];
    for (const message of this.seen.toReversed()) {
      if (ToolMessage.isInstance(message)) results.unshift(message);
      else exchanges.unshift(this.exchange(message, results));
    }
    return exchanges.flat();
  }

  /**
   * A call as every provider accepts it, and the results it claims. Ids are new: some providers number the calls of each request
   * from one, and LangGraph's `ToolNode` runs no call whose id has a result in the conversation.
   */
  private exchange(message: AIMessage, unclaimed: ToolMessage[]): readonly BaseMessage[] {
    const results: ToolMessage[] = [];
    const tool_calls = (message.tool_calls ?? []).flatMap((call) => {
      const index = unclaimed.findIndex(({ tool_call_id }) => tool_call_id === call.id);
      const [result] = index < 0 ? [] : unclaimed.splice(index, 1);
      if (result === undefined && !this.begun.has(call.id ?? "")) return [];
      const { content, status } = result ?? ({ content: unknownResult, status: "error" } as const);
      const id = `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
      const fields = { id: crypto.randomUUID(), tool_call_id: id, name: call.name, content };
      results.push(new ToolMessage({ ...fields, ...(status && { status }) }));
      return [{ ...call, id }];
    });
    const asked = new AIMessage({ id: crypto.randomUUID(), content: message.text, tool_calls });
    return results.length === 0 ? [] : [asked, ...results];
  }
}
