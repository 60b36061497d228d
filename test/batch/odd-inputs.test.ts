import { AIMessage, type BaseMessage, ChatMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  type BatchInput,
  type BatchRow,
  createFallback,
  createPipeline,
  type RunContext,
  runBatch,
} from "../../src/index.js";
import { EchoModel } from "./echo-model.js";

const chain = (model: EchoModel, systemPrompt?: string) =>
  createFallback({ models: { echo: { model, retry: false, ...(systemPrompt && { systemPrompt }) } } });

async function all(rows: AsyncIterable<BatchRow>): Promise<BatchRow[]> {
  const list: BatchRow[] = [];
  for await (const row of rows) list.push(row);
  return list.sort((one, other) => Number(one.id) - Number(other.id));
}

/** Keeps the conversations it is asked. */
class Hearing extends EchoModel {
  readonly heard: BaseMessage[][] = [];

  override async _generate(messages: BaseMessage[], options: { signal?: AbortSignal }) {
    this.heard.push(messages);
    return super._generate(messages, options);
  }
}

describe("an input that cannot be written as data", () => {
  const circular: Record<string, unknown> = { userId: "u" };
  circular.self = circular;
  const part = { type: "text", text: "x", size: 1n };
  const odd: [string, BatchInput][] = [
    ["a message of a role of its own", [new ChatMessage("x", "wizard")]],
    ["a number that JSON has not", [{ role: "user", content: [part] }]],
    ["a context that holds itself", { prompt: "x", context: circular }],
    [
      "a field that throws",
      {
        get prompt(): string {
          throw new Error("no");
        },
      },
    ],
  ];

  it.each(odd)("is a row with an error, and the others are answered: %s", async (_, input) => {
    const model = new EchoModel();
    const graph = chain(model);
    for (const options of [{}, { checkpointer: new MemorySaver() }]) {
      const rows = await all(runBatch({ graph, inputs: ["a", input, "b"], name: "odd", ...options }));
      expect(rows.map(({ id }) => id)).toEqual([1, 2, 3]);
      expect([rows[0]!.text, rows[2]!.text]).toEqual(["You said: a", "You said: b"]);
      if (rows[1]!.error === undefined) expect(options).toEqual({}); // what needs no name needs no JSON
    }
  });
});

it("keeps of a conversation what its models read: failed tools, thoughts, bytes of images", async () => {
  const model = new Hearing();
  const call = { id: "c1", name: "look_up", args: {} };
  const thought = [{ type: "thinking", thinking: "hm", signature: "s" }];
  const messages = [
    new HumanMessage({ content: [{ type: "image", mimeType: "image/png", data: new Uint8Array([1, 2, 3]) } as never] }),
    new AIMessage({
      content: thought as never,
      tool_calls: [call],
      additional_kwargs: { reasoning_content: "hm" },
      response_metadata: { model_provider: "anthropic", id: "of the reply" },
    }),
    new ToolMessage({ content: "it broke", tool_call_id: "c1", status: "error" }),
  ];
  const [row] = await all(runBatch({ graph: chain(model), inputs: [messages] }));
  const [image, , result] = model.heard[0]!;
  expect(image!.content).toEqual([{ type: "image", mimeType: "image/png", data: "AQID" }]);
  expect(row!.messages![1]).toEqual({
    ...{ role: "assistant", content: thought, tool_calls: [call], additional_kwargs: { reasoning_content: "hm" } },
    response_metadata: { model_provider: "anthropic" },
  });
  expect(result).toMatchObject({ content: "it broke", status: "error", tool_call_id: "c1" });
  expect(JSON.parse(JSON.stringify(row!.messages))).toEqual(row!.messages);
});

describe("rows of an earlier try", () => {
  const earlier = (id: number, prompt: string, more: object = {}): BatchRow => ({
    ...{ id, prompt, target: "night", text: "old", decisions: [], calls: [], costUsd: 0 },
    ...more,
  });
  const answered = async (done: BatchRow[], inputs: BatchInput[]) => {
    const model = new EchoModel();
    await all(runBatch({ graph: chain(model), inputs, done, name: "night" }));
    return model.asked;
  };

  it("answer the question they were asked, and no other that has its id now", async () => {
    expect(await answered([earlier(1, "one"), earlier(2, "two")], ["zero", "one", "two"])).toEqual([
      "zero",
      "one",
      "two",
    ]);
    expect(await answered([earlier(1, "one"), earlier(2, "two")], ["one", "two", "three"])).toEqual(["three"]);
    const conversation = [{ role: "user", content: "x" }];
    const { prompt: _, ...row } = earlier(1, "");
    const done = JSON.parse(JSON.stringify({ ...row, messages: conversation })) as BatchRow;
    expect(await answered([done], [[new HumanMessage("x")]])).toEqual([]);
    expect(await answered([done], [[new HumanMessage("y")]])).toEqual(["y"]);
  });

  it("are those of their batch only", async () => {
    expect(await answered([earlier(1, "one", { target: "another" })], ["one"])).toEqual(["one"]);
  });

  it("stay answers when a second item of their id has failed", async () => {
    const inputs = [{ id: 2, prompt: "one" }, "two", { id: 3, prompt: "three" }, "four"];
    const first = new EchoModel();
    const done = await all(runBatch({ graph: chain(first), inputs, name: "night", concurrency: 1 }));
    expect(first.asked).toEqual(["one", "three", "four"]);
    expect(done.filter(({ error }) => error !== undefined).map(({ id }) => id)).toEqual([2]);
    expect(await answered(done, inputs.slice(0, 1))).toEqual([]);
  });
});

describe("a batch that is run again on its threads", () => {
  const saver = () => ({ checkpointer: new MemorySaver(), name: "night", inputs: ["one"] });

  it("takes no answer, and nothing half done, of another graph of its name", async () => {
    const saved = saver();
    const graphs = [
      chain(new EchoModel(() => "first")),
      chain(new EchoModel(() => "of another prompt"), "Be brief."),
      createPipeline({ stages: { draft: new EchoModel(() => "draft"), edit: new EchoModel(() => "edited") } }),
    ];
    const texts = [];
    for (const graph of [...graphs, ...graphs]) texts.push((await all(runBatch({ graph, ...saved })))[0]!.text);
    expect(texts).toEqual(["first", "of another prompt", "edited", "first", "of another prompt", "edited"]);
    expect(await all(runBatch({ graph: graphs[2]!, ...saved }))).toMatchObject([{ calls: [{}, {}] }]);
  });

  it("asks again in another context, but goes on where only its limits have changed", async () => {
    const model = new EchoModel();
    const run = (context: RunContext) => all(runBatch({ graph: chain(model), ...saved, context }));
    const saved = saver();
    await run({ task: "coding" });
    await run({ task: "coding", maxCostUsd: 5, tags: ["again"] });
    expect(model.asked.length).toBe(1);
    await run({ task: "writing" });
    expect(model.asked.length).toBe(2);
  });
});
