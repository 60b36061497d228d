import type { Context } from "hono";
import { ChatRequest } from "./chat-request.js";
import { errorReply, RequestError } from "./request-error.js";
import { unservedField } from "./unsupported.js";

/**
 * Reads the body of a request.
 *
 * @throws {RequestError} when it is no JSON, has another shape, or asks for what is not served
 */
export async function readRequest(context: Context): Promise<ChatRequest> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    // a page of any site may send other types to this machine without asking
    throw new RequestError(
      errorReply(415, "Send JSON: Content-Type: application/json", { code: "unsupported_media_type" }),
    );
  }
  const body = parse(await context.req.text());
  if (typeof body === "object" && body !== null) {
    const param = unservedField(body);
    if (param !== undefined) {
      const message = `${param} is not served here with this value; leave it out`;
      throw new RequestError(errorReply(400, message, { param, code: "unsupported_parameter" }));
    }
  }
  const { data: request, error } = ChatRequest.safeParse(body);
  if (request !== undefined) return request;
  const { path, message } = deepest(error.issues[0]!);
  const param = path.map(String).join(".");
  throw new RequestError(errorReply(400, `${param || "The body"}: ${message}`, { param: param || "body" }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(errorReply(400, "The body is not valid JSON", { param: "body", code: "invalid_json" }));
  }
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
