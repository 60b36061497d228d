import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";

/** Result of an interrupted tool call for the next model, so that the call is not repeated blindly. */
const unknownResult =
  "This call was begun and its result is not known: it may have had its effect. Check before you repeat it.";

/** Collects the tool calls of a model. The next model gets them after a failure, so that no side effect runs twice. */
export class ToolSteps {
  private seen: (AIMessage | ToolMessage)[] = [];
  private readonly given: ReadonlySet<unknown>;
  private readonly begun = new Set<string>();

  /** @param given the earlier conversation, whose tool calls are not steps of this model */
  constructor(given: readonly BaseMessage[] = []) {
    this.given = new Set(given.flatMap((message) => (message.id === undefined ? [message] : [message, message.id])));
  }

  /** Records that a tool has started. */
  begin(callId: string | undefined): void {
    if (callId !== undefined) this.begun.add(callId);
  }

  /** Records a call or a result in the order of the conversation; a repeated one moves to the end. */
  note(message: unknown): void {
    const result = ToolMessage.isInstance(message);
    if (!(result || (AIMessage.isInstance(message) && message.tool_calls?.length))) return;
    const { id } = message;
    if (this.given.has(message) || this.given.has(id)) return;
    this.seen = this.seen.filter((known) => known !== message && (id === undefined || known.id !== id));
    this.seen.push(message);
    if (result) this.begun.delete(message.tool_call_id);
  }

  /** Returns calls with their results; calls that never started are left out. */
  messages(): readonly BaseMessage[] {
    const results: ToolMessage[] = [];
    const exchanges: (readonly BaseMessage[])[] = [];
    for (const message of this.seen.toReversed()) {
      if (ToolMessage.isInstance(message)) results.unshift(message);
      else exchanges.unshift(this.exchange(message, results));
    }
    return exchanges.flat();
  }

  /**
   * Returns a call in a form that every provider accepts, and its results. Ids are new, because some providers number the calls of each
   * request from one, and LangGraph's `ToolNode` skips calls whose id already has a result.
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
    const call = new AIMessage({ id: crypto.randomUUID(), content: message.text, tool_calls });
    return results.length === 0 ? [] : [call, ...results];
  }
}
