import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import type { ContextTurn } from "../../src/context/context.js";

type AskOptions = { readonly model?: unknown; readonly role?: string; readonly schema?: unknown };

/** What a context strategy is given, made by hand; `ask` says the answers in turn and notes what it was asked. */
export function contextTurn(
  messages: readonly BaseMessage[],
  outputs: Readonly<Record<string, string | AIMessage>> = {},
  answers: readonly (string | AIMessage | Error)[] = [],
) {
  const asked: { messages: readonly BaseMessage[]; options: AskOptions | undefined }[] = [];
  const turn: ContextTurn = {
    messages,
    outputs: Object.entries(outputs).map(([stage, output]) => ({ stage, message: aiMessage(output) })),
    ask: async (prompt, options) => {
      const answer = answers[asked.length];
      asked.push({ messages: prompt, options });
      if (answer === undefined) throw new Error("nobody expected this question");
      if (answer instanceof Error) throw answer;
      return aiMessage(answer);
    },
    state: {},
    config: {},
  };
  return { turn, asked };
}

const aiMessage = (answer: string | AIMessage) => (typeof answer === "string" ? new AIMessage(answer) : answer);

/** Messages as lines that read well in a diff. */
export const lines = (messages: readonly BaseMessage[]) => messages.map(({ type, text }) => `${type}: ${text}`);

/** An assistant's message that calls tools, by the ids of the calls. */
export const calling = (...ids: readonly string[]) =>
  new AIMessage({ content: "", tool_calls: ids.map((id) => ({ id, name: "search", args: { query: id } })) });

/** The result of a tool call. */
export const result = (id: string, text = `found ${id}`) => new ToolMessage({ content: text, tool_call_id: id });

/** Any conversation, well formed or not: calls without results, results without calls, ids used twice, results out of order. */
export const conversations = ({ longest = 60 } = {}) => {
  const text = fc.string({ unit: "grapheme", maxLength: longest });
  const id = fc.constantFrom("a", "b", "c");
  const message: fc.Arbitrary<BaseMessage> = fc.oneof(
    text.map((content) => new HumanMessage(content)),
    text.map((content) => new AIMessage(content)),
    text.map((content) => new SystemMessage(content)),
    fc.uniqueArray(id, { minLength: 1 }).map((ids) => calling(...ids)),
    fc.tuple(id, text).map(([call, content]) => result(call, content)),
    text.map((content) => new HumanMessage({ content: [{ type: "text", text: content }, image] })),
  );
  return fc.array(message, { minLength: 1, maxLength: 14 }).map((messages) => {
    messages.forEach((each, index) => {
      each.id = `m${index}`;
    });
    return messages;
  });
};

export const idsOf = (messages: readonly BaseMessage[]) => messages.map(({ id }) => id);

export const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } } as const;

/** Tool results whose call is not before them, and calls whose result is not after them. */
export function torn(messages: readonly BaseMessage[]): readonly BaseMessage[] {
  const calls = (message: BaseMessage) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []);
  return messages.filter((message, index) => {
    const before = messages.slice(0, index);
    const after = messages.slice(index + 1);
    if (ToolMessage.isInstance(message)) {
      return !before.some((other) => calls(other).some(({ id }) => id === message.tool_call_id));
    }
    const answered = (id: string | undefined) =>
      after.some((other) => ToolMessage.isInstance(other) && other.tool_call_id === id);
    return calls(message).some(({ id }) => !answered(id));
  });
}
