/** Unvalidated object. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Types of reasoning parts in client histories. */
const thoughts: ReadonlySet<unknown> = new Set(["thinking", "redacted_thinking", "reasoning", "reasoning_content"]);

/**
 * Normalizes messages to OpenAI's form: missing or `null` content, strings as parts, parts of the Responses API, reasoning,
 * object arguments, calls without ids. The last message must have content of its own.
 */
export function usualMessages(given: unknown): unknown {
  if (!Array.isArray(given)) return given;
  const unanswered = new Set<unknown>(); // ids of calls; a result without an id belongs to the first
  return given.map((message, place) => {
    if (!isFields(message)) return message;
    const past = place < given.length - 1;
    const { name, ...said } = message;
    const usual = { ...said, ...(name === "" || name == null ? {} : { name }) };
    if (message.role === "assistant") return answered(usual, past, place, unanswered);
    const content = contentOf(message.content).content ?? (past || message.role === "tool" ? "" : message.content);
    const result = message.role === "tool" ? resultOf(message, unanswered) : {};
    return { ...usual, ...(content === undefined ? {} : { content }), ...result };
  });
}

function resultOf({ tool_call_id: id }: Fields, unanswered: Set<unknown>): Fields {
  const answers = id || unanswered.values().next().value;
  unanswered.delete(answers);
  return id ? {} : { tool_call_id: answers };
}

function answered(message: Fields, past: boolean, place: number, unanswered: Set<unknown>): Fields {
  const { tool_calls: given, content: written, ...said } = message;
  const { content, thought } = contentOf(written);
  const calls = Array.isArray(given) && given.length === 0 ? null : given;
  const reasoning = message.reasoning_content ?? message.reasoning ?? thought;
  const silent = content == null && calls == null && message.refusal == null && message.function_call == null;
  return {
    ...said,
    ...(silent && (past || thought !== undefined) ? { content: "" } : content === undefined ? {} : { content }),
    ...(calls === undefined ? {} : { tool_calls: usualCalls(calls, place, unanswered) }),
    ...(typeof reasoning === "string" && reasoning !== "" ? { reasoning_content: reasoning } : {}),
  };
}

function usualCalls(given: unknown, place: number, unanswered: Set<unknown>): unknown {
  if (!Array.isArray(given)) return given;
  return given.map((call, index) => {
    if (!isFields(call) || !isFields(call.function)) return call;
    const { arguments: args } = call.function;
    const text = isFields(args) ? JSON.stringify(args) : (args ?? "");
    const id = call.id || `call_${place}_${index}`;
    unanswered.add(id);
    return { ...call, id, type: call.type || "function", function: { ...call.function, arguments: text } };
  });
}

/** Normalizes content parts and separates the reasoning. */
function contentOf(given: unknown): { readonly content: unknown; readonly thought?: string } {
  if (isFields(given)) return contentOf([given]);
  if (!Array.isArray(given)) return { content: given };
  const isThought = (part: unknown) => isFields(part) && thoughts.has(part.type);
  const content = given.filter((part) => !isThought(part)).map(usualPart);
  const thought = given.filter(isThought).map(thoughtIn).join("");
  return { content: content.length === 0 ? null : content, ...(content.length < given.length && { thought }) };
}

function thoughtIn({ thinking, text, reasoning }: Fields): string {
  const said = [thinking, text, reasoning].find((each) => typeof each === "string");
  return typeof said === "string" ? said : "";
}

function usualPart(part: unknown): unknown {
  if (typeof part === "string") return { type: "text", text: part };
  if (!isFields(part)) return part;
  const { type = "text" } = part;
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return { ...part, type: "text", ...(part.text === null && { text: "" }) };
    case "image_url":
    case "input_image": {
      const { image_url: image, detail, ...others } = part;
      if (typeof image !== "string") return { ...part, type: "image_url" };
      return { ...others, type: "image_url", image_url: { url: image, ...(detail != null && { detail }) } };
    }
    default:
      return part;
  }
}
