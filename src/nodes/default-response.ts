import { AIMessage } from "@langchain/core/messages";
import { copyMessage } from "../calls/answer.js";
import { InvalidOptionError } from "../errors/index.js";
import { answerText } from "../text/answer-text.js";
import { answered } from "./answered.js";
import { nodeAt, type OrchestrationNode } from "./node.js";

/** Name of the node that answers without a model; also the value of `modelUsed` then. */
export const defaultResponseName = "default_response";

/**
 * Makes the node that returns a fixed answer when no model answered.
 *
 * @throws {InvalidOptionError} when the answer is empty
 */
export function defaultResponseNode(response: string | AIMessage, option: string): OrchestrationNode {
  const message = typeof response === "string" ? new AIMessage(response) : response;
  if (!AIMessage.isInstance(message) || answerText(message) === "") {
    throw new InvalidOptionError(option, response, "give the text to answer with when no model does");
  }
  return nodeAt(defaultResponseName, async (state, scope) => {
    const fresh = copyMessage(message, { id: crypto.randomUUID() });
    return answered(state, scope, { message: fresh, modelUsed: defaultResponseName, confidence: 0 });
  });
}
