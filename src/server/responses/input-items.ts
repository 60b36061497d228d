import { type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { pastAnswer } from "../answer/past-answer.js";
import { invalid } from "../request/invalid.js";
import { readObject } from "../request/to-messages.js";
import type { ContentPart, InputItem, ResponsesRequest } from "./responses-request.js";
import { openSeal } from "./sealed-thoughts.js";

type Content = string | readonly ContentPart[];

/** Converts the conversation to LangChain's messages: instructions first, and the items of one answer as one message. */
export function toMessages({ instructions, input }: ResponsesRequest): BaseMessage[] {
  const items: readonly InputItem[] =
    typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;
  const begin = items.findIndex((item) => !isInstruction(item));
  const leading = (begin < 0 ? items : items.slice(0, begin)).flatMap((item) =>
    item.type === "message" ? textOf(item.content) : [],
  );
  const orders = [instructions ?? "", ...leading].filter((text) => text !== "").join("\n\n");
  const messages = [
    ...(orders === "" ? [] : [new SystemMessage(orders)]),
    ...(begin < 0 ? [] : conversation(items.slice(begin))),
  ];
  if (messages.length > 0) return messages;
  throw invalid("input: must say something", "input");
}

function isInstruction(item: InputItem): boolean {
  return item.type === "message" && (item.role === "system" || item.role === "developer");
}

interface Pending {
  text: string;
  calls: ToolCall[];
  thought: string;
  signed: object[];
}

const nothing = (): Pending => ({ text: "", calls: [], thought: "", signed: [] });

function conversation(items: readonly InputItem[]): BaseMessage[] {
  const messages: BaseMessage[] = [];
  let answer = nothing();
  let shown: object[] = []; // images of tool results, which follow all results of an answer
  const flush = () => {
    messages.push(...pastAnswer(answer));
    answer = nothing();
  };
  const show = () => {
    if (shown.length > 0) messages.push(new HumanMessage({ content: shown as [] }));
    shown = [];
  };
  for (const item of items) {
    if (item.type === "function_call_output") {
      flush();
      const text = textOf(item.output);
      const images = partsOf(item.output).filter(({ type }) => type === "image_url");
      const said = text === "" && images.length > 0 ? "[the image in the next message]" : text;
      messages.push(new ToolMessage({ content: said, tool_call_id: item.call_id }));
      shown.push(...images);
    } else if (item.type === "message" && item.role !== "assistant") {
      flush();
      show();
      messages.push(spoken(item.role, item.content));
    } else {
      show();
      add(answer, item);
    }
  }
  flush();
  show();
  return messages;
}

function add(answer: Pending, item: InputItem): void {
  if (item.type === "message") answer.text += textOf(item.content);
  if (item.type === "function_call") {
    const { call_id: id, name, arguments: text } = item;
    answer.calls.push({ id, name, args: readObject(text) ?? { invalid_json: text }, type: "tool_call" });
  }
  if (item.type !== "reasoning") return;
  const said = (item.summary ?? []).map(({ text }) => text).join("");
  const signed = openSeal(item.encrypted_content, said);
  if (signed === undefined) answer.thought += said;
  else answer.signed.push(signed);
}

function spoken(role: "user" | "system" | "developer", content: Content): BaseMessage {
  if (role !== "user") return new SystemMessage(textOf(content));
  const parts = partsOf(content);
  const onlyText = parts.length === 1 && parts[0]!.type === "text";
  return new HumanMessage({ content: onlyText ? textOf(content) : (parts as []) });
}

function partsOf(content: Content): { readonly type: string }[] {
  if (typeof content === "string") return [{ type: "text", text: content } as { type: string }];
  return content.map((part) => {
    if (part.type !== "input_image") return { type: "text", text: "text" in part ? part.text : part.refusal };
    const detail = part.detail == null ? {} : { detail: part.detail };
    return { type: "image_url", image_url: { url: part.image_url, ...detail } };
  });
}

function textOf(content: Content): string {
  if (typeof content === "string") return content;
  return content.map((part) => ("text" in part ? part.text : "refusal" in part ? part.refusal : "")).join("");
}
