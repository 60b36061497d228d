import fc from "fast-check";
import { expect, it } from "vitest";
import { list, mostly, named, record, sendBodies, text, word } from "./protocols/nearly.js";
import { expectError } from "./wire.js";

const part = fc.oneof(
  record({ type: fc.constantFrom("input_text", "output_text"), text }),
  record({ type: fc.constant("input_image"), image_url: text, detail: fc.constantFrom("low", "auto") }),
);
const content = fc.oneof(text, list(part));
const item = mostly(
  fc.oneof(
    record({ role: fc.constantFrom("user", "system", "developer", "assistant"), content }),
    record({ type: fc.constant("message"), role: fc.constantFrom("user", "assistant"), content }),
    record({
      type: fc.constant("function_call"),
      call_id: word,
      name: word,
      arguments: mostly(fc.oneof(fc.json(), text)),
    }),
    record({ type: fc.constant("function_call_output"), call_id: word, output: content }),
    record(
      {
        type: fc.constant("reasoning"),
        id: word,
        summary: list(record({ type: fc.constant("summary_text"), text })),
        encrypted_content: text,
      },
      ["type"],
    ),
  ),
);
const tool = record(
  {
    type: fc.constant("function"),
    name: fc.constantFrom("tool", "other"),
    description: text,
    parameters: mostly(fc.object()),
    strict: fc.boolean(),
  },
  ["type", "name"],
);
const format = fc.oneof(
  record({ type: fc.constantFrom("text", "json_object") }),
  record({ type: fc.constant("json_schema"), name: fc.constant("form"), schema: mostly(fc.object()) }),
);
const request = record(
  {
    ...{ model: named, input: fc.oneof(text, list(item, 4)), instructions: text, stream: mostly(fc.boolean()) },
    ...{ store: mostly(fc.boolean()), tools: list(tool, 2), parallel_tool_calls: mostly(fc.boolean()) },
    tool_choice: mostly(fc.constantFrom("auto", "none", "required", { type: "function", name: "tool" })),
    text: record({ format }),
    temperature: mostly(fc.constant(null)),
    max_output_tokens: mostly(fc.integer({ min: 1 })),
    reasoning: record({ effort: fc.constantFrom("low", "high"), summary: fc.constant("auto") }),
    metadata: mostly(fc.dictionary(fc.string(), text)),
    include: list(fc.constant("reasoning.encrypted_content")),
    prompt_cache_key: fc.jsonValue(),
  },
  ["model", "input"],
);

it("any body of a response is answered, or refused as OpenAI's API refuses", async () => {
  await sendBodies({
    path: "/v1/responses",
    request,
    expectReply: (body) =>
      expect(body).toMatchObject({ object: "response", output: expect.any(Array), orchestration: {} }),
    expectError,
    ends: ["response.completed", "response.incomplete", "response.failed"],
  });
}, 1_200_000);
