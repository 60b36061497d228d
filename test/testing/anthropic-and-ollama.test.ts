import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { ChatOllama } from "@langchain/ollama";
import { describe, expect, it } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { hear, KEY } from "./clients.js";

const clients = {
  anthropic: ({ anthropicUrl }: LoopbackServer) =>
    new ChatAnthropic({ model: "some-model", apiKey: KEY, maxRetries: 0, anthropicApiUrl: anthropicUrl }),
  ollama: ({ ollamaUrl }: LoopbackServer) => new ChatOllama({ model: "some-model", maxRetries: 0, baseUrl: ollamaUrl }),
};
const weather = {
  name: "weather",
  description: "Weather of a city",
  schema: { type: "object", properties: {} },
} as const;

describe.each(Object.entries(clients))("startLoopbackServer, as %s", (provider, client) => {
  it("answers whole and in pieces, with usage and a finish reason", async () => {
    await using server = await startLoopbackServer({
      reply: { text: "Good morning", usage: { inputTokens: 9, outputTokens: 3 } },
    });
    const usage_metadata = { input_tokens: 9, output_tokens: 3 };
    expect(await client(server).invoke("Hi")).toMatchObject({ text: "Good morning", usage_metadata });
    const { texts, whole } = await hear(client(server).stream("Hi"));
    expect(texts).toHaveLength(4);
    expect(whole).toMatchObject({ text: "Good morning", usage_metadata: { output_tokens: expect.any(Number) } });
    const ends = { ...whole?.response_metadata, ...whole?.additional_kwargs };
    expect(ends.done_reason ?? ends.stop_reason).toBe(provider === "ollama" ? "stop" : "end_turn");
  });

  it("reads messages and tools", async () => {
    await using server = await startLoopbackServer();
    const messages = [new SystemMessage("Be brief."), new HumanMessage("Hi")];
    await client(server).bindTools([weather]).invoke(messages);
    expect(server.requests[0]).toMatchObject({
      provider,
      model: "some-model",
      messages: [
        { role: "system", text: "Be brief." },
        { role: "user", text: "Hi" },
      ],
      tools: ["weather"],
    });
    expect(JSON.stringify(server.requests)).not.toContain(KEY);
  });

  it("calls tools, and is told their results", async () => {
    await using server = await startLoopbackServer();
    server.reply("some-model", { text: "Wait.", toolCalls: [{ name: "weather", args: { city: "Paris" } }] });
    const wanted = [expect.objectContaining({ name: "weather", args: { city: "Paris" } })];
    const called = await client(server).bindTools([weather]).invoke("Hi");
    expect(called.tool_calls).toEqual(wanted);
    expect((await hear(client(server).bindTools([weather]).stream("Hi"))).whole?.tool_calls).toEqual(wanted);
    const result = { role: "tool", tool_call_id: called.tool_calls![0]!.id!, content: "Rain" };
    await client(server).invoke([new HumanMessage("Hi"), called, result as never]);
    expect(server.requests.at(-1)?.messages.at(-1)).toEqual({ role: "tool", text: "Rain" });
  });

  it("thinks before it speaks", async () => {
    await using server = await startLoopbackServer({ reply: { thoughts: "Hm.", text: "Yes." } });
    const answer = await client(server).invoke("Hi");
    expect(answer.text).toBe("Yes.");
    expect(JSON.stringify([answer.content, answer.additional_kwargs])).toContain("Hm.");
    expect((await hear(client(server).stream("Hi"))).whole?.text).toBe("Yes.");
  });
});
