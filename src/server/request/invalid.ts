import type { z } from "zod";
import { errorReply, RequestError } from "../request-error.js";

/** @param param the invalid field */
export function invalid(message: string, param?: string, code?: string): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), ...(code && { code }) }));
}

/** Refuses a field that would change the reply, and is not supported. */
export function unsupported(field: string, advice: string): RequestError {
  return invalid(`${field} ${advice}`, field, "unsupported_parameter");
}

/**
 * Checks a body against a schema.
 *
 * @throws {RequestError} that names the first invalid field
 */
export function checked<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const { data: request, error } = schema.safeParse(body);
  if (error === undefined) return request;
  const { path, message } = deepest(error.issues[0]!);
  const param = path.map(String).join(".");
  throw invalid(`${param || "The body"}: ${message}`, param);
}

type Issue = z.ZodError["issues"][number];

/** Picks, of a failed union, the issue with the longest path: that alternative matched best. */
function deepest(issue: Issue): Pick<Issue, "path" | "message"> {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.map((issues) => issues[0]).filter((first) => first !== undefined);
  const deep = inner.map((first) => deepest(first)).filter(({ path }) => path.length > 0);
  const [best] = deep.sort((one, other) => other.path.length - one.path.length);
  return best === undefined ? issue : { path: [...issue.path, ...best.path], message: best.message };
}
