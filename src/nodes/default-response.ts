import { AIMessage } from "@langchain/core/messages";
import { copyMessage } from "../calls/answer.js";
import { InvalidOptionError } from "../errors/index.js";
import { answerText } from "../text/answer-text.js";
import { answered } from "./answered.js";
import { nodeAt, type OrchestrationNode } from "./node.js";

/** The node that answers without a model, and what `modelUsed` then says. */
export const defaultResponseName = "default_response";

/**
 * A node that ends a run in which no model answered with a fixed answer.
 *
 * @throws {InvalidOptionError} when there is nothing in the answer
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
