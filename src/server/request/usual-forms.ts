import { type Fields, isFields, usualMessages } from "./usual-messages.js";

/**
 * Normalizes unambiguous deviations of widespread clients: limits of 0 and -1, empty values for "not set", and the flat tools,
 * choices and formats of the Responses API.
 */
export function usualForm(body: unknown): unknown {
  if (!isFields(body)) return body;
  const read: Record<string, unknown> = { ...body };
  for (const [field, usual] of Object.entries(forms)) {
    if (!Object.hasOwn(body, field)) continue;
    read[field] = usual(body[field]);
    if (read[field] === undefined) delete read[field];
  }
  if (isFields(body.reasoning) && body.reasoning_effort == null && typeof body.reasoning.effort === "string") {
    read.reasoning_effort = body.reasoning.effort; // OpenRouter's form
    delete read.reasoning;
  }
  return read;
}

const limit = (value: unknown) => (typeof value === "number" && value <= 0 ? undefined : value);
const text = (value: unknown) => (value === "" ? undefined : typeof value === "number" ? String(value) : value);

const forms: Readonly<Record<string, (value: unknown) => unknown>> = {
  model: (value) => (value === "" ? undefined : value),
  messages: usualMessages,
  max_tokens: limit,
  max_completion_tokens: limit,
  stop(value) {
    if (!Array.isArray(value)) return value === "" ? undefined : value;
    const given = value.filter((each) => each !== "" && each !== null);
    return given.length === 0 ? undefined : given;
  },
  reasoning_effort: (value) => (value === "" ? undefined : value),
  user: text,
  tools: (value) => (Array.isArray(value) ? value.map(tool) : value),
  tool_choice: choice,
  response_format: format,
  metadata: (value) => (isFields(value) ? Object.fromEntries(Object.entries(value).flatMap(label)) : value),
};

function tool(given: unknown): unknown {
  if (!isFields(given) || (given.type != null && given.type !== "function")) return given;
  if (isFields(given.function)) return { ...given, type: "function" };
  if (typeof given.name !== "string" || given.function != null) return given;
  const { type: _type, function: _none, ...flat } = given;
  return { type: "function", function: flat };
}

const choices: Readonly<Record<string, string>> = { auto: "auto", none: "none", any: "required", required: "required" };

function choice(value: unknown): unknown {
  if (value === "") return undefined;
  if (typeof value === "string") return Object.hasOwn(choices, value) ? choices[value] : value;
  if (!isFields(value) || isFields(value.function)) return value;
  const { type, name } = value;
  if (typeof type === "string" && Object.hasOwn(choices, type)) return choices[type];
  const named = typeof name === "string" && (type === "function" || type === "tool");
  return named ? { type: "function", function: { name } } : value;
}

function format(value: unknown): unknown {
  if (!isFields(value)) return value;
  const { type, schema, json_schema: inner, ...flat } = value;
  const named = (given: Fields) => ({ type: "json_schema", json_schema: { ...given, name: given.name ?? "answer" } });
  if (type === "json_object" && isFields(schema)) return named({ schema });
  if (type !== "json_schema") return value;
  if (isFields(inner)) return named(inner);
  return isFields(schema) ? named({ ...flat, schema }) : value;
}

function label([name, value]: readonly [string, unknown]): [string, unknown][] {
  if (value === null) return [];
  return [[name, typeof value === "number" || typeof value === "boolean" ? String(value) : value]];
}
