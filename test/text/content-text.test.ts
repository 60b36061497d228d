import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { contentText } from "../../src/text/content-text.js";

describe("contentText", () => {
  const parts = [
    { type: "text", text: "one " },
    { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    { type: "text", text: "two" },
  ];
  const says = (content: string, model_provider?: string) =>
    new AIMessage({ content, response_metadata: model_provider === undefined ? {} : { model_provider } });

  it.each([
    ["a text", new HumanMessage("a text")],
    ["parts", new HumanMessage({ content: parts })],
    ["nothing", new AIMessage("")],
    ["an answer of OpenAI", says("<think>so</think>4", "openai")],
    ["an answer of Groq, whose thoughts are in its content", says("<think>so</think>4", "groq")],
    ["an answer of Google", says("4", "google-genai")],
  ])("is the text LangChain reads: %s", (_, message) => {
    expect(contentText(message)).toBe(message.text);
  });
});
