import { createHash } from "node:crypto";
import type { BaseMessage } from "@langchain/core/messages";
import { numbered, shownMessage } from "../../calls/cache-request.js";
import { canonical } from "../../calls/canonical.js";

/** Call options that change what is asked. */
interface Asked {
  readonly tools?: readonly unknown[];
  readonly tool_choice?: unknown;
  readonly stop?: unknown;
}

const hash = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 16);

/**
 * Returns the key of a request: what its messages say, and the names of its tools. Sampling settings are not in it, and ids of tool calls
 * count by their order.
 */
export function requestKey(messages: readonly BaseMessage[], options: object = {}): string {
  const { tools = [], stop } = options as Asked;
  const idOf = numbered();
  const shown = messages.map((message) => shownMessage(message, idOf));
  return hash(canonical({ shown, tools: toolNames(tools), ...(Array.isArray(stop) && stop.length > 0 && { stop }) }));
}

/** Returns the key of a question, whatever the system prompt and the tools. */
export function questionKey(messages: readonly BaseMessage[]): string {
  return `q:${requestKey(messages.filter(({ type }) => type !== "system" && type !== ("developer" as string)))}`;
}

/** Reads the names of tools: those of LangChain, and as providers are sent them. */
export function toolNames(tools: readonly unknown[]): string[] {
  const names = tools.flatMap((tool): unknown[] => {
    const { name, function: sent, functionDeclarations: declared } = Object(tool) as Record<string, unknown>;
    if (Array.isArray(declared)) return declared.map((each) => Object(each).name);
    return [name ?? Object(sent).name];
  });
  return names.map(String).sort();
}
