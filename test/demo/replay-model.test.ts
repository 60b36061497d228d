import { AIMessage, type AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { loadRecordedAnswers } from "../../demo/recorded-answers.js";
import { questionPrompt, RecordingMissError, ReplayModel } from "../../demo/replay-model.js";

const gpt4o = new ReplayModel({ model: "gpt-4o-2024-08-06" });
const usage = { input_tokens: 150, output_tokens: 86, total_tokens: 236 };

describe("ReplayModel", () => {
  it("answers a question named by its number, with the recorded usage and its own name", async () => {
    const answer = await gpt4o.invoke(questionPrompt(0));
    expect(answer.text).toBe("#### 18");
    expect(answer.usage_metadata).toEqual(usage);
    expect(answer.response_metadata).toMatchObject({
      model_name: "gpt-4o-2024-08-06",
      recorded: true,
      recorded_by: "ZeroEval",
    });
  });

  it("gives every recorded answer of every model", async () => {
    const { models, questions } = loadRecordedAnswers();
    for (const id of models.keys()) {
      const model = new ReplayModel({ model: id });
      for (const { number, answers } of questions.values()) {
        const { answer, outputTokens } = answers.get(id)!;
        const reply = await model.invoke(questionPrompt(number));
        expect(reply.text).toBe(answer === null ? "I found no final number." : `#### ${answer}`);
        expect(reply.usage_metadata?.output_tokens).toBe(outputTokens);
      }
    }
  });

  it("replies without any digit where no answer was recorded", async () => {
    const gemma = new ReplayModel({ model: "gemma-2-9b-it" });
    const reply = await gemma.invoke(questionPrompt(181));
    expect(reply.text).not.toMatch(/\d/);
    expect(reply.usage_metadata?.output_tokens).toBeGreaterThan(0);
  });

  it("reads the last human message only", async () => {
    const answer = await gpt4o.invoke([
      new SystemMessage("Answer briefly."),
      new HumanMessage(questionPrompt(12)),
      new AIMessage("#### 13"),
      new HumanMessage(`${questionPrompt(0)}\n\nState your confidence.`),
      new AIMessage("a draft"),
    ]);
    expect(answer.text).toBe("#### 18");
  });

  it("streams the same answer, with the usage on the last chunk only", async () => {
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await gpt4o.stream(questionPrompt(0))) chunks.push(chunk);
    expect(chunks.map(({ text }) => text).join("")).toBe("#### 18");
    expect(chunks.filter((chunk) => chunk.usage_metadata)).toEqual([chunks.at(-1)]);
    const whole = chunks.reduce((left, right) => left.concat(right));
    expect(whole.usage_metadata).toMatchObject(usage);
    expect(whole.response_metadata).toMatchObject({ model_name: "gpt-4o-2024-08-06", finish_reason: "stop" });
  });

  it("tells callbacks about every token it streams", async () => {
    const tokens: string[] = [];
    const callbacks = [{ handleLLMNewToken: (token: string) => void tokens.push(token) }];
    for await (const _ of await gpt4o.stream(questionPrompt(0), { callbacks }));
    expect(tokens.join("")).toBe("#### 18");
  });

  it("misses a question that was not recorded, and names model and question", async () => {
    const miss = gpt4o.invoke(questionPrompt(1));
    await expect(miss).rejects.toBeInstanceOf(RecordingMissError);
    await expect(miss).rejects.toMatchObject({ name: "RecordingMissError", model: "gpt-4o-2024-08-06", question: 1 });
  });

  it.each([
    ["no question", "What is 6 times 7?"],
    ["two questions", `${questionPrompt(0)} and ${questionPrompt(12)}`],
    ["nothing", ""],
  ])("misses a message that names %s", async (_, text) => {
    await expect(gpt4o.invoke(text)).rejects.toMatchObject({ name: "RecordingMissError", question: undefined });
    await expect(async () => {
      for await (const _chunk of await gpt4o.stream(text));
    }).rejects.toMatchObject({ name: "RecordingMissError" });
  });

  it("refuses an unknown model at construction and lists the recorded ones", () => {
    expect(() => new ReplayModel({ model: "gpt-5" })).toThrow(/gpt-5 .* gpt-4o-mini-2024-07-18/);
  });

  it("throws the reason of a signal that is already aborted", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(gpt4o._generate([new HumanMessage(questionPrompt(0))], { signal })).rejects.toThrow("enough");
    await expect(gpt4o.invoke(questionPrompt(0), { signal })).rejects.toThrow();
  });

  it("stops streaming when its signal is aborted between two chunks", async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    await expect(async () => {
      const messages = [new HumanMessage(questionPrompt(0))];
      for await (const { text } of gpt4o._streamResponseChunks(messages, { signal: controller.signal })) {
        seen.push(text);
        controller.abort(new Error("enough"));
      }
    }).rejects.toThrow("enough");
    expect(seen).toEqual(["#### "]);
  });

  it("says who made the model, and that the answer is a replay", () => {
    expect(gpt4o._llmType()).toBe("replay");
    expect(gpt4o.model).toBe("gpt-4o-2024-08-06");
    expect(gpt4o.getLsParams({})).toMatchObject({
      ls_provider: "openai",
      ls_model_name: "gpt-4o-2024-08-06",
      ls_integration: "replay",
    });
  });
});
