import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ReplyDeltas } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { asks, type Serving, served, startServing } from "./serving.js";

const tools = [
  { type: "function" as const, function: { name: "f", parameters: { type: "object", properties: {} } } },
  { type: "function" as const, function: { name: "g", parameters: { type: "object", properties: {} } } },
];
const later: readonly NonNullable<ReplyDeltas["id"]>[] = ["absent", ""];
const roles: readonly ReplyDeltas["role"][] = [
  ["assistant", "absent"],
  ["assistant", "assistant"],
  ["assistant", null],
];
const deltas = [...later, null].flatMap((id) => roles.map((role) => ({ role, id })));

describe("tool calls over ChatOpenAI", () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing("ChatOpenAI");
  });
  afterAll(() => serving.close());

  /** What the official client reads, whole and streamed. */
  async function callsOf(model: string) {
    const request = { model, messages: asks("Hi"), tools };
    const whole = (await serving.client().chat.completions.create(request)).choices[0]!;
    const streamed = (await serving.client().chat.completions.stream(request).finalChatCompletion()).choices[0]!;
    return [whole, streamed].map(({ message, finish_reason }) => ({
      finish_reason,
      calls: message.tool_calls?.map(
        (call) => call.type === "function" && [call.function.name, call.function.arguments],
      ),
    }));
  }

  it.each(deltas)("are one call each where a provider streams them with %j", async (dialect) => {
    serving.says({
      toolCalls: [
        { name: "f", args: { city: "Oslo" } },
        { name: "g", args: { city: "Bergen" } },
      ],
      deltas: dialect,
    });
    const calls = [
      ["f", '{"city":"Oslo"}'],
      ["g", '{"city":"Bergen"}'],
    ];
    for (const model of served) {
      for (const read of await callsOf(model)) expect(read).toEqual({ finish_reason: "tool_calls", calls });
    }
  });

  it("reach a tool of the AI SDK with their arguments, where later parts repeat an empty id", async () => {
    serving.says({ toolCalls: [{ name: "f", args: { city: "Oslo" } }], deltas: { id: "" } });
    const sdk = createOpenAICompatible({ name: "multimodel", baseURL: `${serving.url}/v1` });
    const execute = vi.fn(async () => "done");
    const f = tool({ inputSchema: z.object({ city: z.string() }), execute });
    await streamText({ model: sdk("plain"), prompt: "Hi", tools: { f }, stopWhen: stepCountIs(1) }).consumeStream();
    expect(execute.mock.calls.map(([given]: unknown[]) => given)).toEqual([{ city: "Oslo" }]);
  });

  it("are an error, not an answer without them, where the client loses parts that have no role", async () => {
    const toolCalls = [{ name: "f", args: { city: "Oslo" } }];
    serving.says({ text: "Let me look.", toolCalls, deltas: { role: ["assistant", ""] } });
    for (const model of ["plain", "router"]) {
      const streamed = serving.client().chat.completions.stream({ model, messages: asks("Hi"), tools });
      await expect(streamed.finalChatCompletion()).rejects.toThrow();
    }
  });

  it("have their arguments as the model wrote them, numbers above 2^53 too", async () => {
    const written = ['{"id": 9007199254740993, "x": 1.0}', '{"id": 9007199254740992, "x": 1}'];
    serving.says({ toolCalls: written.map((args) => ({ name: "f", args })) });
    for (const model of served) {
      for (const { calls } of await callsOf(model)) expect(calls).toEqual(written.map((args) => ["f", args]));
    }
  });

  it("that are no JSON are warned of by their client, and by nobody after it", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    serving.says({
      toolCalls: [
        { name: "f", args: { city: "Bergen" } },
        { name: "f", args: '{"city": Oslo' },
      ],
    });
    await providers.ChatOpenAI(serving.upstream, "strong-1").invoke("Hi");
    const times = warned.mock.calls.length;
    for (const model of served) {
      warned.mockClear();
      expect((await serving.post({ model, messages: asks("Hi"), tools })).status).toBe(200);
      expect([model, warned.mock.calls.length]).toEqual([model, times]);
    }
    warned.mockRestore();
  });

  it("that the token limit cut off are no answer, and say so", async () => {
    serving.says({ toolCalls: [{ name: "f", args: '{"id":900719' }], finishReason: "length" });
    const request = { model: "plain", messages: asks("Hi"), tools };
    const [choice] = (await serving.client().chat.completions.create(request)).choices;
    expect(choice).toMatchObject({ finish_reason: "length", message: { content: "" } });
    expect(choice!.message.tool_calls).toBeUndefined();
    const refused = await serving.post({ ...request, model: "router" });
    expect([refused.status, await refused.json()]).toMatchObject([
      406,
      { error: { code: "empty", message: expect.stringContaining('f({"id":900719)') } },
    ]);
    const kept = (await serving.client().chat.completions.create({ ...request, model: "ladder" })).choices[0];
    expect(kept).toMatchObject({ finish_reason: "stop", message: { content: "draft" } });
  });
});
