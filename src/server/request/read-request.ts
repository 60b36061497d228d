import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorReply, RequestError } from "../request-error.js";
import { ChatRequest } from "./chat-request.js";
import { boundsOf, excessOf, type JsonBounds } from "./json-bounds.js";
import { unservedField } from "./unsupported.js";
import { usualForm } from "./usual-forms.js";

/**
 * Makes a parser of request bodies with limits on bytes and items.
 *
 * @throws {RequestError} when a body is too large, malformed, or uses unsupported features
 */
export function requestReader(maxSize: number, maxItems: number): (context: Context) => Promise<ChatRequest> {
  const tooLarge = errorReply(413, `The body has more than ${maxSize} bytes`, { code: "request_too_large" });
  const onError = () => {
    throw new RequestError(tooLarge);
  };
  const limited = bodyLimit({ maxSize, onError });
  const bounds = boundsOf(maxItems);
  return async (context) => {
    let text = "";
    await limited(context, async () => {
      checkType(context.req.raw.headers);
      text = await context.req.text();
    });
    return read(text, bounds);
  };
}

/** Accepts only JSON, which browsers do not send to another site without a preflight request. */
function checkType(headers: Headers): void {
  const type = headers.get("content-type") ?? "";
  if (!/^(?:application\/(?:[\w.+-]+\+)?|text\/)json\s*(?:;|$)/i.test(type)) {
    throw unreadable("Send JSON: Content-Type: application/json");
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw unreadable(`Send UTF-8; charset ${charset.slice(0, 40)} is not supported`);
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() === "identity") return;
  throw unreadable(`Send the body uncompressed; Content-Encoding ${encoding.slice(0, 40)} is not supported`);
}

function unreadable(message: string): RequestError {
  return new RequestError(errorReply(415, message, { code: "unsupported_media_type" }));
}

function read(text: string, bounds: JsonBounds): ChatRequest {
  const excess = excessOf(text, bounds);
  if (excess !== undefined) throw invalid(excess.message, excess.field);
  const body = usualForm(parse(text));
  const unserved = typeof body === "object" && body !== null ? unservedField(body) : undefined;
  if (unserved !== undefined) {
    throw invalid(`${unserved} is not supported with this value; leave it out`, unserved, "unsupported_parameter");
  }
  const { data: request, error } = ChatRequest.safeParse(body);
  if (request === undefined) {
    const { path, message } = deepest(error.issues[0]!);
    const param = path.map(String).join(".");
    throw invalid(`${param || "The body"}: ${message}`, param);
  }
  checkChoice(request);
  return request;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The body is not valid JSON", undefined, "invalid_json");
  }
}

/** Checks that a forced tool exists. */
function checkChoice({ tools, tool_choice: choice }: ChatRequest): void {
  const named = typeof choice === "object" ? choice?.function.name : undefined;
  if (named === undefined && choice !== "required") return;
  if (tools == null || tools.length === 0) throw invalid("tool_choice is given without tools", "tool_choice");
  if (named === undefined || tools.some((tool) => tool.function.name === named)) return;
  throw invalid(`tool_choice: there is no tool "${named}" among tools`, "tool_choice");
}

/** @param param the invalid field */
function invalid(message: string, param?: string, code?: string): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), ...(code && { code }) }));
}

type Issue = NonNullable<ReturnType<typeof ChatRequest.safeParse>["error"]>["issues"][number];

/** Picks, of a failed union, the issue with the longest path: that alternative matched best. */
function deepest(issue: Issue): Pick<Issue, "path" | "message"> {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.map((issues) => issues[0]).filter((first) => first !== undefined);
  const deep = inner.map((first) => deepest(first)).filter(({ path }) => path.length > 0);
  const [best] = deep.sort((one, other) => other.path.length - one.path.length);
  return best === undefined ? issue : { path: [...issue.path, ...best.path], message: best.message };
}
