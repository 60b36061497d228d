import { errorCode } from "../langgraph/graph-errors.js";

/** The facts errors of provider clients carry; every one of them may be missing. */
export interface Facts {
  /** What the error is called: its `name` and its constructor's. */
  readonly names: readonly string[];
  /** Every message in it: its own, and those of the body it holds. */
  readonly text: string;
  /** The same without what it quotes, names of fields and texts of the caller among them: `''` stands for each. */
  readonly spoken: string;
  /** HTTP status. */
  readonly status?: number;
  /** Codes, types and reasons of the provider, names of AWS exceptions and gRPC statuses among them. */
  readonly codes: readonly string[];
  readonly error: object;
}

type Fields = Record<string, unknown>;

/** Longest text that is searched for words of providers, in characters; a provider may repeat the whole prompt. */
const longestText = 4_000;
/** Longest text that is read as JSON, in characters: a body of an error, not an answer. */
const longestBody = 100_000;

/** Names of the gRPC status codes an answer can end in (google.rpc.Code). */
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

/** Lists an error, what caused it and what it is made of (`AggregateError`), the outermost first. */
export function errorsIn(error: unknown): object[] {
  const found: object[] = [];
  const open = [error];
  while (open.length > 0 && found.length < 12) {
    const next = open.shift();
    if (typeof next !== "object" || next === null || found.includes(next)) continue;
    found.push(next);
    const { cause, errors } = next as Fields;
    open.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return found.length > 0 ? found : [new Error(String(error))];
}

/** Reads what an error says, wherever its client puts it: fields, a nested or listed body, JSON within the message. */
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
  return { names, text, spoken: spokenIn(said), ...(status === undefined ? {} : { status }), codes, error };
}

/** What is said outside quotes; JSON is left out where the texts in it are listed beside it. */
function spokenIn(texts: readonly string[]): string {
  const plain = texts.map((text) => (json(text) === undefined ? text : text.slice(0, text.search(jsonStart))));
  const told = plain.some((text) => /[a-z]{3}|[^\0-\x7f]/i.test(text)) ? plain : texts;
  return told
    .map((text) => unquoted(text.slice(0, longestText)))
    .join("\n")
    .slice(0, longestText);
}

/** Keeps the words after a key as Python prints it (`{'error': 'Invalid model name'}`); apostrophes are no quotes. */
function unquoted(text: string): string {
  return text.replace(
    /(['"])(?:error|message|detail)\1: ?['"]|(?<!\w)(['"`])(?:\\.|[^\\])*?\2(?!\w)/gs,
    (_, key: string | undefined) => (key === undefined ? "''" : ""),
  );
}

/** The error and the bodies within it, each once. */
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
    open.push(
      fields.error,
      body,
      data,
      innererror,
      metadata,
      record(response).data,
      ...[message, responseBody].map(json),
    );
    open.push(...[fields.error, fields.raw, body].map(json));
  }
  return bodies;
}

const jsonStart = /[[{]\s*["{]/;

/** The JSON a text holds or ends with. */
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

/** The status a client writes into its message: "429 Too Many Requests", "[400 Bad Request]", "status code 503". */
function statusIn(text: string): number[] {
  const said = /^([45]\d\d)(?= (?:[A-Z{"[<]|status))|\[([45]\d\d) [A-Z]|(?:status|error) code:? ([45]\d\d)\b/.exec(
    text,
  );
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
    blockReason === undefined ? undefined : "content_filter", // a blocked prompt, whatever the reason
    typeof code === "number" && !names.includes("DOMException") ? grpc[code] : undefined, // those have numbers of their own
    ...listed.flatMap((detail) => [detail.reason, JSON.stringify(detail.violations)]),
  ];
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
