import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorReply, RequestError } from "../request-error.js";
import { ChatRequest } from "./chat-request.js";
import { boundsOf, excessOf, type JsonBounds } from "./json-bounds.js";
import { unservedField } from "./unsupported.js";
import { usualForm } from "./usual-forms.js";

/**
 * Makes a reader of requests whose bodies have at most so many bytes, and so many messages, parts and tools.
 *
 * @throws {RequestError} when a body is too large or no JSON, has another shape, or asks for what is not served
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

/** A page of any site may send other types, or none, to this machine without asking. */
function checkType(headers: Headers): void {
  const type = headers.get("content-type") ?? "";
  if (!/^(?:application\/(?:[\w.+-]+\+)?|text\/)json\s*(?:;|$)/i.test(type)) {
    throw unreadable("Send JSON: Content-Type: application/json");
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw unreadable(`Send UTF-8: a body in ${charset.slice(0, 40)} is not read`);
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() === "identity") return;
  throw unreadable(`Send the body as it is: Content-Encoding ${encoding.slice(0, 40)} is not read`);
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
    throw invalid(`${unserved} is not served here with this value; leave it out`, unserved, "unsupported_parameter");
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

/** A call that must be made needs the tool it is made of. */
function checkChoice({ tools, tool_choice: choice }: ChatRequest): void {
  const named = typeof choice === "object" ? choice?.function.name : undefined;
  if (named === undefined && choice !== "required") return;
  if (tools == null || tools.length === 0) throw invalid("tool_choice is given without tools", "tool_choice");
  if (named === undefined || tools.some((tool) => tool.function.name === named)) return;
  throw invalid(`tool_choice: there is no tool "${named}" among tools`, "tool_choice");
}

/** @param param the field of the request that is wrong, where it is one */
function invalid(message: string, param?: string, code?: string): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), ...(code && { code }) }));
}

type Issue = NonNullable<ReturnType<typeof ChatRequest.safeParse>["error"]>["issues"][number];

/** Of a value that fits none of several shapes, what is wrong with the one it is nearest to: there the reader got deepest. */
function deepest(issue: Issue): Pick<Issue, "path" | "message"> {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.map((issues) => issues[0]).filter((first) => first !== undefined);
  const deep = inner.map((first) => deepest(first)).filter(({ path }) => path.length > 0);
  const [best] = deep.sort((one, other) => other.path.length - one.path.length);
  return best === undefined ? issue : { path: [...issue.path, ...best.path], message: best.message };
}
