import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { AIMessageChunk } from "@langchain/core/messages";

/** Converts events of LangChain's content-block protocol to chunks. Such a run calls `invoke`, which returns no chunks. */
class EventListener extends BaseCallbackHandler {
  override readonly name = "multimodel_events";
  override readonly awaitHandlers = true;
  private id: string | undefined;

  constructor(private readonly onToken: (chunk: AIMessageChunk) => void) {
    super();
  }

  override handleChatModelStreamEvent(event: ChatModelStreamEvent): void {
    if (event.event === "message-start") this.id = event.id;
    if (event.event !== "content-block-delta") return;
    const { delta } = event;
    const isCall = delta.type === "tool-call-delta" || (delta.type === "block-delta" && isCallBlock(delta.fields));
    const content = delta.type === "text-delta" ? delta.text : "";
    const calls = isCall ? { tool_call_chunks: [{ type: "tool_call_chunk" as const }] } : {};
    this.onToken(new AIMessageChunk({ content, ...(this.id && { id: this.id }), ...calls }));
  }
}

function isCallBlock({ type }: { readonly type?: unknown }): boolean {
  return type === "tool_call_chunk" || type === "tool_call";
}

/** Adds a callback that fires for each token of a run that streams events. */
export function withEventListener(
  callbacks: Callbacks | undefined,
  onToken: (chunk: AIMessageChunk) => void,
): Callbacks {
  const listener = new EventListener(onToken);
  if (callbacks === undefined || Array.isArray(callbacks)) return [...(callbacks ?? []), listener];
  const hearing = callbacks.copy();
  hearing.addHandler(listener);
  return hearing;
}
