import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { useLoopback } from "../support/use-loopback.js";
import { cases, chatModel, perCall, reply } from "./chat-model-cases.js";

const { server } = useLoopback(() => ({ reply }));

const weather = tool(async () => "sunny", {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string(), days: z.number() }),
});
const City = z.object({ city: z.string(), days: z.number() });
const times = (count: number) => ({
  input_tokens: perCall.input_tokens * count,
  output_tokens: perCall.output_tokens * count,
  total_tokens: perCall.total_tokens * count,
});
/** What the models were told last, whatever a pattern adds to it. */
const heard = () => server.requests.map(({ messages }) => messages.map(({ text }) => text).join(" | "));

async function gather(stream: AsyncIterable<AIMessageChunk>) {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { chunks, whole: chunks.reduce((whole, chunk) => whole.concat(chunk)) };
}

describe.each(cases)("asChatModel over $pattern with $client", (each) => {
  const { paid, paidStep, live, answers } = each;
  const model = () => chatModel(each, server);

  it("answers with one AI message that has an id", async () => {
    const answer = await model().invoke("Hi");
    expect(AIMessage.isInstance(answer)).toBe(true);
    expect(answer.text).toBe("You asked: Hi");
    expect(answer.id).toEqual(expect.any(String));
    expect(server.requests).toHaveLength(paid);
  });

  it("says what the whole run used and who answered", async () => {
    const { usage_metadata, response_metadata } = await model().invoke("Hi");
    expect(usage_metadata).toMatchObject(times(paid));
    const used: Record<string, string> = {
      "createEnsemble by synthesis": "aggregator",
      createQualityGate: "draft",
      createPipeline: "write",
      "a router in a fallback": "inner/two",
    };
    expect(response_metadata.orchestration).toMatchObject({ modelUsed: used[each.pattern] ?? answers });
  });

  it("streams the same text once, with an id, and what is known of the whole in the last chunk alone", async () => {
    const { chunks, whole } = await gather(await model().stream("Hi"));
    expect(whole.text).toBe("You asked: Hi");
    expect(chunks.every((chunk) => AIMessageChunk.isInstance(chunk))).toBe(true);
    expect(chunks.length > 1).toBe(live);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(whole.usage_metadata).toMatchObject(times(paid));
    expect(chunks.map(({ usage_metadata }) => usage_metadata !== undefined)).toEqual(
      chunks.map((_, index) => index === chunks.length - 1),
    );
    const told = chunks.map(({ response_metadata }) => "orchestration" in response_metadata);
    expect(told).toEqual(chunks.map((_, index) => index === chunks.length - 1));
    if (each.client === "ChatOpenAI") expect(whole.response_metadata.model_name).toBe(answers);
    const { finish_reason, finishReason } = whole.response_metadata;
    expect(finish_reason ?? finishReason).toMatch(/^stop$/i);
  });

  it("answers a batch in order", async () => {
    const replies = await model().batch(["One", "Two", "Three"]);
    expect(replies.map(({ text }) => text)).toEqual(["You asked: One", "You asked: Two", "You asked: Three"]);
  });

  it("reads a conversation, also with two messages of one speaker and one message twice", async () => {
    const twice = new HumanMessage({ content: "Again", id: "same" });
    const given: BaseMessage[] = [
      new SystemMessage("Be brief"),
      new HumanMessage("First"),
      new AIMessage("Yes"),
      twice,
      twice,
      new HumanMessage("Last"),
    ];
    const before = given.map(({ id }) => id);
    const answer = await model().invoke(given);
    expect(answer.text).toBe("You asked: Last");
    expect(heard()[0]?.match(/Again/g)).toHaveLength(2);
    for (const part of ["Be brief", "First", "Yes"]) expect(heard()[0]).toContain(part);
    expect(given.map(({ id }) => id)).toEqual(before);
  });

  it("calls a tool that is bound, plain and streaming", async () => {
    const bound = model().bindTools([weather]);
    const call = { name: "weather", args: { city: "Oslo", days: 2 }, type: "tool_call" };
    const answer = await bound.invoke("Weather?");
    expect(answer.tool_calls).toEqual([expect.objectContaining(call)]);
    expect(answer.tool_calls![0]!.id).toEqual(expect.any(String));
    expect(answer.usage_metadata).toEqual(times(paidStep));
    const { whole } = await gather(await bound.stream("Weather?"));
    expect(whole.tool_calls).toEqual([expect.objectContaining(call)]);
    expect(whole.tool_calls![0]!.id).toEqual(expect.any(String));
    expect(whole.usage_metadata).toMatchObject(times(paidStep));
  });

  it("answers after the results of a tool", async () => {
    const bound = model().bindTools([weather]);
    const asked = [new HumanMessage("Weather?")];
    const step = await bound.invoke(asked);
    const result = new ToolMessage({ content: "sunny", tool_call_id: step.tool_calls![0]!.id!, name: "weather" });
    const answer = await bound.invoke([...asked, step, result]);
    expect(answer.tool_calls).toEqual([]);
    expect(answer.text).toContain("sunny");
  });

  it("reads tool calls of others: with ids of their own, several at once, with text beside them", async () => {
    const calls = ["Oslo", "Rome"].map((city, index) => ({
      name: "weather",
      args: { city, days: 1 },
      id: `call_${index}`,
      type: "tool_call" as const,
    }));
    const answer = await model()
      .bindTools([weather])
      .invoke([
        new HumanMessage("Weather in Oslo and Rome?"),
        new AIMessage({ content: "Let me look", tool_calls: calls }),
        new ToolMessage({ content: "snow", tool_call_id: "call_0", name: "weather" }),
        new ToolMessage({ content: "sun", tool_call_id: "call_1", name: "weather" }),
      ]);
    expect(answer.text).toContain("sun");
  });

  it("passes the choice of a tool and stop words on to the models that answer", async () => {
    await model()
      .bindTools([weather], { tool_choice: "weather" })
      .invoke("Weather?", { stop: ["END"] });
    const bodies = server.requests.filter(({ tools }) => tools.length > 0).map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      if (each.client === "ChatOpenAI") {
        expect(body).toMatchObject({
          tool_choice: { type: "function", function: { name: "weather" } },
          stop: ["END"],
        });
      } else {
        const config = expect.objectContaining({ allowedFunctionNames: ["weather"] });
        expect(body.toolConfig).toMatchObject({ functionCallingConfig: config });
      }
    }
  });

  it.each([
    ["zod", City],
    ["JSON schema", { ...(z.toJSONSchema(City) as object), title: "city" }],
  ])("gives structured output by %s, plain, streaming and with the message it is from", async (_kind, schema) => {
    const expected = { city: "Oslo", days: 2 };
    const structured = model().withStructuredOutput(schema as typeof City);
    expect(await structured.invoke("Where?")).toEqual(expected);
    const streamed: unknown[] = [];
    for await (const part of await structured.stream("Where?")) streamed.push(part);
    expect(streamed).toEqual([expected]);
    const both = await model()
      .withStructuredOutput(schema as typeof City, { includeRaw: true })
      .invoke("Where?");
    expect(both.parsed).toEqual(expected);
    expect((both.raw as AIMessage).usage_metadata?.total_tokens).toBeGreaterThan(0);
  });

  it("keeps nothing: the same question is asked again", async () => {
    const chat = model();
    await chat.invoke("Hi");
    await chat.invoke("Hi");
    expect(server.requests).toHaveLength(2 * paid);
  });

  it("keeps many calls at once apart", async () => {
    const chat = model();
    const questions = Array.from({ length: 12 }, (_, index) => `Question ${index}`);
    const replies = await Promise.all(
      questions.map(async (question, index) =>
        index % 2 ? (await gather(await chat.stream(question))).whole : chat.invoke(question),
      ),
    );
    expect(replies.map(({ text }) => text)).toEqual(questions.map((question) => `You asked: ${question}`));
    for (const { usage_metadata } of replies) expect(usage_metadata).toMatchObject(times(paid));
  });
});
