import type { BaseMessage } from "@langchain/core/messages";
import { describe, expect, it, vi } from "vitest";
import { check, createCascade, createEnsemble, createFallback, longest } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const nested = (...answers: string[]) => createFallback({ models: { inner: saying(...answers) } });

/** Patterns below which answers are weighed, and what they return. */
const patterns = {
  createEnsemble: () =>
    createEnsemble({ models: { a: nested("short"), b: nested("the longer one") }, aggregate: longest() }),
  createCascade: () =>
    createCascade({
      models: { a: nested("short"), b: nested("the longer one") },
      verify: check(({ answer }) => answer.text.length > 5),
    }),
};

async function shownBy(pattern: keyof typeof patterns, config: object = {}): Promise<string[]> {
  const shown: string[] = [];
  const stream = await patterns[pattern]()
    .compile()
    .stream({ messages: "Q" }, { streamMode: "messages", ...config });
  for await (const [message] of stream) shown.push((message as BaseMessage).text);
  return shown.filter((text) => text !== "Q" && text !== "");
}

describe.each(Object.keys(patterns) as (keyof typeof patterns)[])("a pattern as a model of %s", (pattern) => {
  it("shows nothing of an answer that is weighed, and the accepted one once", async () => {
    expect(await shownBy(pattern)).toEqual(["the longer one"]);
  });

  it("reports all the same to the callbacks of the run", async () => {
    const handleChatModelStart = vi.fn();
    const handleChainEnd = vi.fn();
    await shownBy(pattern, { callbacks: [{ handleChatModelStart, handleChainEnd }] });
    expect(handleChatModelStart).toHaveBeenCalledTimes(2);
    const names = handleChainEnd.mock.calls.map((call) => JSON.stringify(call[0]));
    expect(names.filter((output) => output.includes("short")).length).toBeGreaterThan(0);
  });
});
