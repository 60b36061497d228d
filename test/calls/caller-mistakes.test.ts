import { type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { createFallback, InvalidInputError } from "../../src/index.js";
import type { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useOneLoopback } from "../support/use-loopback.js";

const { server } = useOneLoopback();
let runs = 0;

/** Asks a chain of two models of one provider; returns the outcome and how often each was asked. */
async function ask(provider: Provider, messages: BaseMessage[], failure?: ReturnType<typeof failWith.badRequest>) {
  const [first, second] = [`first-${++runs}`, `second-${runs}`];
  server.reply(first, failure ?? "Hello");
  server.reply(second, "Hello");
  const models = { first: providers[provider](server, first), second: providers[provider](server, second) };
  const outcome = await createFallback({ models })
    .compile()
    .invoke({ messages })
    .then(
      ({ messages }) => messages.at(-1)!.text,
      (error: unknown) => error,
    );
  const asked = [first, second].map((name) => server.requests.filter(({ model }) => model === name).length);
  return { outcome, asked };
}

describe("an empty turn of the user", () => {
  const system = new SystemMessage("Write a poem.");
  const empty = [
    ["a text", [system, new HumanMessage("")]],
    ["blocks", [system, new HumanMessage([{ type: "text", text: "" }])]],
    ["no block", [system, new HumanMessage([])]],
    ["the whole conversation", [new HumanMessage("")]],
  ] as const;

  it.each(empty)("is refused by name before Gemini is asked: %s", async (_name, messages) => {
    const { outcome, asked } = await ask("ChatGoogleGenerativeAI", [...messages]);
    expect(outcome).toMatchObject({ class: "invalid_request", cause: expect.any(InvalidInputError) });
    expect(outcome).toMatchObject({ message: expect.stringContaining("The last message is empty") });
    expect(asked).toEqual([0, 0]);
  });

  it("is sent to a provider that accepts it", async () => {
    expect(await ask("ChatOpenAI", [system, new HumanMessage("")])).toEqual({ outcome: "Hello", asked: [1, 0] });
  });
});

describe("a tool result without its call", () => {
  const orphan = (name?: string) => [
    new HumanMessage("What is 1 + 2?"),
    new ToolMessage({ content: "3", tool_call_id: "call_1", ...(name && { name }) }),
  ];
  const words =
    "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";

  it.each([
    ["ChatOpenAI", undefined, [1, 0]],
    ["ChatGoogleGenerativeAI", "add", [1, 0]],
    ["ChatGoogleGenerativeAI", undefined, [0, 0]], // its client knows no name for it
  ] as const)("is the caller's mistake, and no other model is asked: %s, named %s", async (provider, name, asked) => {
    const run = await ask(provider, orphan(name), { error: { status: 400, message: words } });
    expect(run.outcome).toMatchObject({ class: "invalid_request" });
    expect(run.asked).toEqual(asked);
  });
});
