type Values = Readonly<Record<string, unknown>>;

/** The last question of a conversation and its answer, as text. */
export interface Exchange {
  readonly question: string | undefined;
  readonly answer: string | undefined;
  /** Messages before the question. */
  readonly earlier: number;
}

/** Reads a conversation in any form: messages of LangChain, what they are as JSON, `{ role, content }`, or a text. */
export function exchangeOf(messages: unknown): Exchange {
  const list: readonly unknown[] = Array.isArray(messages) ? messages : messages === undefined ? [] : [messages];
  const asked = list.findLastIndex((message) => roleOf(message) === "human");
  const answered = list.findLastIndex((message) => roleOf(message) === "ai");
  return {
    question: asked < 0 ? undefined : messageText(list[asked]),
    answer: answered < asked || answered < 0 ? undefined : messageText(list[answered]),
    earlier: Math.max(0, asked),
  };
}

function roleOf(message: unknown): "human" | "ai" | "other" {
  if (typeof message === "string") return "human";
  const { type, role, id, lc } = fieldsOf(message);
  const named = lc === 1 && Array.isArray(id) ? String(id.at(-1)) : String(role ?? type ?? "");
  if (/^(human|user)/i.test(named)) return "human";
  return /^(ai|assistant)/i.test(named) ? "ai" : "other";
}

function fieldsOf(message: unknown): Values {
  if (Array.isArray(message)) return { role: message[0], content: message[1] };
  return Object(message) as Values;
}

/** Returns the text of a message; parts that are no text are named: "[image]". */
export function messageText(message: unknown): string {
  if (typeof message === "string") return message;
  const { content, kwargs, data, tool_calls: calls } = fieldsOf(message);
  const inner = content === undefined ? (kwargs ?? data) : undefined;
  if (typeof inner === "object" && inner !== null) return messageText(inner);
  const text = Array.isArray(content) ? content.map(partText).join("") : typeof content === "string" ? content : "";
  const named = (Array.isArray(calls) ? calls : []).map((call) => `[calls ${String(Object(call).name)}]`);
  return [text, ...named].filter(Boolean).join("\n");
}

function partText(part: unknown): string {
  if (typeof part === "string") return part;
  const { type, text } = Object(part) as Values;
  if (typeof text === "string") return text;
  return `[${String(type ?? "part").replace(/_url$/, "")}]`;
}
