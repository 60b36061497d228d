import { type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { pastAnswer } from "../answer/past-answer.js";
import type {
  AssistantBlock,
  MessageParam,
  MessagesRequest,
  ShownBlock,
  TextBlock,
  UserBlock,
} from "./messages-request.js";

/**
 * Converts the conversation to LangChain's messages. Images in the result of a tool follow it in a message of the user, since only
 * Claude reads them there.
 */
export function toMessages({ system, messages }: MessagesRequest): BaseMessage[] {
  return [...instructions(system ?? ""), ...messages.flatMap(toMessage)];
}

/** First line of a block that Claude Code changes with every request, which would defeat every cache. */
const billing = /^x-anthropic-billing-header:/;

function instructions(given: string | readonly TextBlock[]): BaseMessage[] {
  if (typeof given === "string") return given === "" ? [] : [new SystemMessage(given)];
  const blocks = given.filter(({ text }) => text !== "" && !billing.test(text));
  if (blocks.length === 0) return [];
  if (blocks.some(({ cache_control }) => cache_control)) {
    return [new SystemMessage({ content: blocks.map(textPart) as [] })];
  }
  return [new SystemMessage(blocks.map(({ text }) => text).join("\n\n"))];
}

function toMessage(message: MessageParam): BaseMessage[] {
  const { role, content } = message;
  if (role === "system") return instructions(content);
  if (role === "assistant") return answered(typeof content === "string" ? [{ type: "text", text: content }] : content);
  if (typeof content === "string") return [new HumanMessage(content)];
  return spoken(content);
}

function spoken(blocks: readonly UserBlock[]): BaseMessage[] {
  const results: BaseMessage[] = [];
  const shown: object[] = [];
  for (const block of blocks) {
    if (block.type !== "tool_result") {
      shown.push(partOf(block));
      continue;
    }
    const { tool_use_id, content, is_error } = block;
    const given = typeof content === "string" ? [{ type: "text", text: content } as const] : (content ?? []);
    const texts = given.flatMap((each) => (each.type === "image" ? [] : [partOf(each).text]));
    const images = given.filter((each) => each.type === "image").map(partOf);
    const text = texts.join("\n") || (images.length > 0 ? "[the image in the next message]" : "");
    results.push(
      new ToolMessage({ content: text, tool_call_id: tool_use_id, ...(is_error === true && { status: "error" }) }),
    );
    shown.push(...images);
  }
  const [only] = shown as { readonly type: string; readonly text?: string; readonly cache_control?: object }[];
  if (only === undefined) return results.length > 0 ? results : [new HumanMessage("")];
  const plain = shown.length === 1 && only.text !== undefined && only.cache_control === undefined;
  return [...results, new HumanMessage({ content: plain ? only.text! : (shown as []) })];
}

function partOf(block: ShownBlock) {
  if (block.type === "text") return textPart(block);
  if (block.type === "document") {
    const { title, source } = block;
    return { type: "text", text: title ? `${title}\n\n${source.data}` : source.data };
  }
  const { source, cache_control } = block;
  const url = source.type === "url" ? source.url : `data:${source.media_type};base64,${source.data}`;
  return { type: "image_url", image_url: { url }, ...(cache_control && { cache_control }) };
}

const textPart = ({ text, cache_control }: TextBlock) => ({
  type: "text",
  text,
  ...(cache_control && { cache_control }),
});

/** Converts an answer; signed thoughts stay as Claude wrote them, others become reasoning that other servers read. */
function answered(blocks: readonly AssistantBlock[]): BaseMessage[] {
  const thought = (block: AssistantBlock) => (block.type === "thinking" && !isSigned(block) ? block.thinking : "");
  return pastAnswer({
    text: blocks.map((block) => (block.type === "text" ? block.text : "")).join(""),
    calls: blocks.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, args: block.input, type: "tool_call" }] : [],
    ),
    thought: blocks.map(thought).join(""),
    signed: blocks.filter(isSigned),
  });
}

function isSigned(block: AssistantBlock): boolean {
  return block.type === "redacted_thinking" || (block.type === "thinking" && !!block.signature);
}
