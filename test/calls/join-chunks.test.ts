import { AIMessageChunk } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinChunks } from "../../src/calls/join-chunks.js";

const provider = { model_provider: "openai", usage: {} };
const chunk = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ maxLength: 3 }).map((content) => ({ content, id: "one", response_metadata: provider })),
  },
  fc.string({ maxLength: 3 }).map((content) => ({ content, id: undefined, response_metadata: {} })),
  fc.constant({ content: "", id: "one", response_metadata: { ...provider, finish_reason: "stop" } }),
  fc.constant({
    content: "",
    id: "one",
    response_metadata: provider,
    usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
  }),
  fc.constant({ content: "", id: "one", tool_call_chunks: [{ index: 0, id: "t", name: "f", args: '{"a":' }] }),
  fc.constant({ content: "", id: "one", additional_kwargs: { reasoning_content: "Hm. " } }),
  fc.constant({ content: [{ type: "text" as const, text: "block" }], id: "one", response_metadata: provider }),
);

describe("joinChunks", () => {
  it("joins chunks as LangChain does", () => {
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 12 }), (fields) => {
        const chunks = fields.map((each) => new AIMessageChunk(each as { content: string }));
        const expected = chunks.slice(1).reduce((whole, each) => whole.concat(each), chunks[0]!);
        expect(joinChunks(chunks)?.toJSON()).toEqual(expected.toJSON());
      }),
      { numRuns: 300 },
    );
  });

  it("returns nothing of nothing", () => {
    expect(joinChunks([])).toBeUndefined();
  });
});
