import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorReply, RequestError } from "../request-error.js";
import { invalid } from "./invalid.js";
import { boundsOf, excessOf, type JsonBounds } from "./json-bounds.js";

/**
 * Makes a parser of JSON bodies with limits on bytes and items.
 *
 * @throws {RequestError} when a body is too large, or no JSON
 */
export function requestReader(maxSize: number, maxItems: number): (context: Context) => Promise<unknown> {
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

function read(text: string, bounds: JsonBounds): unknown {
  const excess = excessOf(text, bounds);
  if (excess !== undefined) throw invalid(excess.message, excess.field);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The body is not valid JSON", undefined, "invalid_json");
  }
}
