import type { BaseMessage } from "@langchain/core/messages";
import type { Served } from "../catalogue.js";
import { invalid } from "./invalid.js";

/**
 * Rejects messages that a single model's client would reject, because that error would look like a server failure.
 *
 * @param field of the request that holds the messages
 * @throws {RequestError} for instructions in the middle of a conversation, and for images by URL
 */
export function checkPlain(messages: readonly BaseMessage[], { name }: Pick<Served, "name">, field: string): void {
  if (messages.some(({ type }, place) => place > 0 && type === "system")) {
    throw invalid(`${name} accepts instructions at the beginning only`, field, "unsupported_parameter");
  }
  const parts = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  const linked = parts.some(({ type, image_url: image }) => {
    const { url = "" } = Object(image) as { readonly url?: string };
    return type === "image_url" && !/^data:/i.test(url);
  });
  if (linked) throw invalid(`${name} accepts images as data: URLs only`, field, "unsupported_parameter");
}
