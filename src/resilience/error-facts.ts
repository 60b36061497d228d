import { errorCode } from "../langgraph/graph-errors.js";

/** Facts found in an error of a provider client. */
export interface Facts {
  /** The `name` of the error and of its constructor. */
  readonly names: readonly string[];
  /** All messages of the error and its body. */
  readonly text: string;
  /** The same with `''` for each quotation, such as field names and texts of the caller. */
  readonly unquotedText: string;
  /** HTTP status. */
  readonly status?: number;
  /** Codes, types and reasons of the provider, also AWS exception names and gRPC statuses. */
  readonly codes: readonly string[];
  readonly error: object;
}

type Fields = Record<string, unknown>;

/** Maximum characters searched for wordings, since a provider may repeat the whole prompt. */
const longestText = 4_000;
/** Maximum characters parsed as JSON. */
const longestBody = 100_000;

/** Names of gRPC status codes (google.rpc.Code). */
const grpc: Readonly<Record<number, string>> = {
  2: "UNKNOWN",
  3: "INVALID_ARGUMENT",
  4: "DEADLINE_EXCEEDED",
  5: "NOT_FOUND",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  10: "ABORTED",
  11: "OUT_OF_RANGE",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  15: "DATA_LOSS",
  16: "UNAUTHENTICATED",
};

/** Lists an error, its causes and the members of an `AggregateError`, outermost first. */
export function errorsIn(error: unknown): object[] {
  const found: object[] = [];
  const open = [error];
  while (open.length > 0 && found.length < 12) {
    const next = open.shift();
    if (typeof next !== "object" || next === null || found.includes(next)) continue;
    found.push(next);
    const { cause, errors, lastError, originalError, innerError } = next as Fields; // of retry helpers
    open.push(cause, ...(Array.isArray(errors) ? errors : []), lastError, originalError, innerError);
  }
  return found.length > 0 ? found : [new Error(String(error))];
}

/** Reads the facts of an error from its fields, nested or listed bodies, and JSON in its message. */
export function factsOf(error: object): Facts {
  const bodies = bodiesOf(error);
  const names = [(error as Fields).name, error.constructor?.name].filter(isText);
  const texts = bodies.flatMap(({ message, error, detail, error_description: more, raw }) => [
    message,
    error,
    detail,
    more,
    raw,
  ]);
  const said = [...new Set(texts.filter(isText))];
  const text = said.join("\n").slice(0, longestText);
  const status = [...bodies.flatMap(statusesOf), ...statusIn(text)].find((number) => number >= 400 && number < 600);
  const called = /^\s*\d{1,2} ([A-Z_]{5,}):/.exec(text)?.[1]; // "8 RESOURCE_EXHAUSTED: …", as @grpc/grpc-js writes it
  const codes = [...bodies.flatMap((body) => codesOf(body, names)), ...names, called].filter(isText);
  return { names, text, unquotedText: unquotedTextOf(said), ...(status === undefined ? {} : { status }), codes, error };
}

/** Joins texts without quotations; JSON is dropped if other texts remain, since its fields are listed as well. */
function unquotedTextOf(texts: readonly string[]): string {
  const plain = texts.map((text) => (json(text) === undefined ? text : text.slice(0, text.search(jsonStart))));
  const told = plain.some((text) => /[a-z]{3}|[^\0-\x7f]/i.test(text)) ? plain : texts;
  return told
    .map((text) => unquoted(text.slice(0, longestText)))
    .join("\n")
    .slice(0, longestText);
}

/** Replaces quotations, except the message of a printed Python dict (`{'error': 'Invalid model name'}`) and apostrophes. */
function unquoted(text: string): string {
  return text.replace(
    /(['"])(?:error|message|detail)\1: ?['"]|(?<!\w)(['"`])(?:\\.|[^\\])*?\2(?!\w)/gs,
    (_, key: string | undefined) => (key === undefined ? "''" : ""),
  );
}

/** Lists the error and its nested bodies. */
function bodiesOf(error: object): Fields[] {
  const bodies: Fields[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && bodies.length < 12) {
    const next = open.shift();
    if (Array.isArray(next)) open.unshift(...next.slice(0, 3));
    if (typeof next !== "object" || next === null || Array.isArray(next) || bodies.includes(next as Fields)) continue;
    const fields = next as Fields;
    bodies.push(fields);
    const { body, response, data, innererror, metadata, message, responseBody } = fields;
    const reply = record(response);
    const parts = [body, data, responseBody, reply.data, reply.body, reply.text].map(decoded); // as each client keeps it
    open.push(
      fields.error,
      fields.errors, // watsonx
      innererror,
      metadata,
      ...parts,
      ...[message, fields.error, fields.raw, ...parts].map(json),
    );
  }
  return bodies;
}

/** Decodes a body that a client left as bytes. */
function decoded(body: unknown): unknown {
  const bytes = ArrayBuffer.isView(body) || body instanceof ArrayBuffer;
  return bytes && body.byteLength <= longestBody ? new TextDecoder().decode(body) : body;
}

const jsonStart = /[[{]\s*["{]/;

/** Parses the JSON at the end of a text. */
function json(text: unknown): unknown {
  if (!isText(text) || text.length > longestBody) return undefined;
  const start = text.search(jsonStart);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start).trim());
  } catch {
    return undefined;
  }
}

function statusesOf(body: Fields): number[] {
  const { status, statusCode, status_code, http_status_code, $metadata, $response, response, code } = body;
  const within = [record($metadata).httpStatusCode, record($response).statusCode];
  const answers = [record(response).status, record(response).statusCode];
  return [status, statusCode, status_code, http_status_code, ...within, ...answers, code]
    .map((value) => (isText(value) && /^\d{3}$/.test(value) ? Number(value) : value)) // Azure's codes
    .filter((value): value is number => typeof value === "number");
}

/** Finds an HTTP status in a message: "429 Too Many Requests", "[400 Bad Request]", "status code 503", `"https://…": 503 …`. */
function statusIn(text: string): number[] {
  const said =
    /^([45]\d\d)(?= (?:[A-Z{"[<]|status))|(?:\[|": )([45]\d\d) [A-Z]|(?:status|error) code:? ([45]\d\d)\b/.exec(text);
  return (said ?? []).slice(1).filter(isText).map(Number);
}

function codesOf(body: Fields, names: readonly string[]): unknown[] {
  const { code, type, status, reason, blockReason, errorDetails, details } = body;
  const listed = [errorDetails, details].flatMap((list) => (Array.isArray(list) ? list.map(record) : []));
  return [
    code,
    type,
    body.__type, // AWS
    status,
    reason,
    errorCode(body),
    body.finishReason,
    body.rateLimitType,
    blockReason === undefined ? undefined : "content_filter", // any blocked prompt
    typeof code === "number" && !names.includes("DOMException") ? grpc[code] : undefined, // a DOMException has its own codes
    ...listed.flatMap((detail) => [detail.reason, JSON.stringify(detail.violations)]),
  ];
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
