import { expect } from "vitest";
import { z } from "zod";

const OpenAIError = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** An error in OpenAI's shape, and nothing beside it. */
export function expectError(body: unknown): void {
  expect(OpenAIError.safeParse(body).error?.issues).toBeUndefined();
}

/**
 * An event stream whose every event is a chunk, and which ends as such a stream may.
 *
 * @returns whether it ended well: the other way is an error event
 */
export function expectStream(text: string): boolean {
  const events = text.split("\n\n").filter((event) => event !== "" && event !== ": keep-alive");
  const last = events.pop()!;
  for (const event of events) expect(JSON.parse(event.slice(6)).object).toBe("chat.completion.chunk");
  if (last === "data: [DONE]") return true;
  expectError(JSON.parse(last.slice(6)));
  return false;
}
