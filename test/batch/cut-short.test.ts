import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { type BatchRow, createPipeline, runBatch } from "../../src/index.js";
import { EchoModel } from "./echo-model.js";

/** A saver whose process dies after it has written `left` times: what was written before is there for the next one. */
class DyingSaver extends MemorySaver {
  left = Number.POSITIVE_INFINITY;

  override async put(...given: Parameters<MemorySaver["put"]>) {
    this.#write();
    return super.put(...given);
  }

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>) {
    this.#write();
    return super.putWrites(...given);
  }

  #write(): void {
    if (this.left-- <= 0) throw new Error("the process is gone");
  }
}

async function only(rows: AsyncIterable<BatchRow>): Promise<BatchRow> {
  const all: BatchRow[] = [];
  for await (const row of rows) all.push(row);
  expect(all).toHaveLength(1);
  return all[0]!;
}

/** Answers one item by two stages, with a saver that dies after `writes`, then again with one that lives. */
async function cutAfter(writes: number) {
  const saver = new DyingSaver();
  const draft = new EchoModel((text) => `draft of ${text}`);
  const edit = new EchoModel(() => "edited");
  const graph = createPipeline({
    stages: { draft: { model: draft, retry: false }, edit: { model: edit, retry: false } },
  });
  const run = () => only(runBatch({ graph, inputs: ["Item"], checkpointer: saver, name: "cut" }));
  saver.left = writes;
  const first = await run();
  saver.left = Number.POSITIVE_INFINITY;
  return { first, second: await run(), asked: [draft.asked.length, edit.asked.length] };
}

describe("a batch that goes on with its checkpointer", () => {
  it("answers an item wherever its run was cut off, and pays no call twice that was saved", async () => {
    let cuts = 0;
    for (;;) {
      const { first, second, asked } = await cutAfter(cuts);
      const paid = second.calls.map(({ model, status }) => [model, status]);
      const where = `cut after ${cuts} writes`;
      expect([second.error, second.text, paid], where).toEqual([
        undefined,
        "edited",
        [
          ["draft", "ok"],
          ["edit", "ok"],
        ],
      ]);
      expect(asked, where).toEqual(again[cuts] ?? [1, 1]);
      if (first.error === undefined) break;
      cuts++;
    }
    expect(cuts).toBeGreaterThan(5); // between all writes of two stages
  });
});

/** Calls of draft and edit where the write that failed was that of a stage's own call: it is paid again. */
const again: Readonly<Record<number, readonly number[]>> = { 3: [2, 1], 5: [1, 2] };
