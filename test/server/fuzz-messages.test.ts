import fc from "fast-check";
import { expect, it } from "vitest";
import { list, mostly, named, record, sendBodies, text, word } from "./protocols/nearly.js";

const mark = mostly(fc.constant({ type: "ephemeral" }));
const textBlock = record({ type: fc.constant("text"), text, cache_control: mark }, ["type", "text"]);
const source = fc.oneof(
  record({ type: fc.constant("base64"), media_type: fc.constant("image/png"), data: word }),
  record({ type: fc.constant("url"), url: text }),
);
const image = record({ type: fc.constant("image"), source });
const result = record(
  {
    type: fc.constant("tool_result"),
    tool_use_id: word,
    content: fc.oneof(text, list(fc.oneof(textBlock, image))),
    is_error: fc.boolean(),
  },
  ["type", "tool_use_id"],
);
const thinking = fc.oneof(
  record({ type: fc.constant("thinking"), thinking: text, signature: text }, ["type", "thinking"]),
  record({ type: fc.constant("redacted_thinking"), data: text }),
);
const use = record({ type: fc.constant("tool_use"), id: word, name: word, input: mostly(fc.object()) });
const message = mostly(
  fc.oneof(
    record({ role: fc.constant("user"), content: fc.oneof(text, list(fc.oneof(textBlock, image, result))) }),
    record({ role: fc.constant("assistant"), content: fc.oneof(text, list(fc.oneof(textBlock, thinking, use))) }),
  ),
);
const tool = record({ name: fc.constantFrom("tool", "other"), description: text, input_schema: mostly(fc.object()) }, [
  "name",
  "input_schema",
]);
const request = record(
  {
    ...{
      model: named,
      messages: list(message, 4),
      max_tokens: mostly(fc.integer({ min: 1 })),
      stream: mostly(fc.boolean()),
    },
    system: fc.oneof(text, list(textBlock)),
    tools: list(tool, 2),
    tool_choice: mostly(
      fc.constantFrom({ type: "auto" }, { type: "any" }, { type: "none" }, { type: "tool", name: "tool" }),
    ),
    temperature: mostly(fc.constant(null)),
    stop_sequences: list(text),
    thinking: mostly(fc.constant({ type: "enabled", budget_tokens: 1_024 })),
    metadata: mostly(fc.dictionary(fc.string(), text)),
    output_config: record({ effort: fc.constantFrom("low", "high") }),
    service_tier: fc.jsonValue(),
  },
  ["model", "messages"],
);

it("any body of a message is answered, or refused as Anthropic's API refuses", async () => {
  await sendBodies({
    path: "/v1/messages?beta=true",
    request,
    expectReply: (body) =>
      expect(body).toMatchObject({ type: "message", role: "assistant", stop_reason: expect.any(String) }),
    expectError: (body) =>
      expect(body).toMatchObject({
        type: "error",
        error: { type: expect.stringMatching(/_error$/), message: expect.stringMatching(/./) },
      }),
    ends: ["message_stop", "error"],
  });
}, 1_200_000);
