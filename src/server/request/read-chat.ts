import { ChatRequest } from "./chat-request.js";
import { checked, invalid } from "./invalid.js";
import { unservedField } from "./unsupported.js";
import { usualForm } from "./usual-forms.js";

/**
 * Reads a request of chat completions.
 *
 * @throws {RequestError} when it is malformed or uses unsupported features
 */
export function readChat(given: unknown): ChatRequest {
  const body = usualForm(given);
  const unserved = typeof body === "object" && body !== null ? unservedField(body) : undefined;
  if (unserved !== undefined) {
    throw invalid(`${unserved} is not supported with this value; leave it out`, unserved, "unsupported_parameter");
  }
  const request = checked<ChatRequest>(ChatRequest, body);
  checkChoice(request);
  return request;
}

/** Checks that a forced tool exists. */
export function checkChoice({ tools, tool_choice: choice }: Pick<ChatRequest, "tools" | "tool_choice">): void {
  const named = typeof choice === "object" ? choice?.function.name : undefined;
  if (named === undefined && choice !== "required") return;
  if (tools == null || tools.length === 0) throw invalid("tool_choice is given without tools", "tool_choice");
  if (named === undefined || tools.some((tool) => tool.function.name === named)) return;
  throw invalid(`tool_choice: there is no tool "${named}" among tools`, "tool_choice");
}
