import { expect, it } from "vitest";
import { z } from "zod";

/** What the provider says where the same request would fail again. */
const finalFailures = {
  authentication: { error: { kind: "authentication" } },
  quota: { error: { kind: "quota" } },
  unknownModel: { error: { kind: "unknown_model" } },
  empty: { text: "" },
};
const person = { name: z.string(), age: z.number() };
const weather = {
  name: "weather",
  description: "The weather in a city",
  shape: z.object({ city: z.string() }),
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

/**
 * What every client must be able to do through the endpoint. Each is a function over the client's own interface; one a client has not
 * is left out.
 *
 * @param serving gives the endpoint, once it is started
 */
export function behaves(
  serving,
  { chat, stream, tools, structured, answer = '{"name":"Ada","age":36}', abort, fails },
) {
  it("chats", async () => {
    serving().says("Hello!");
    expect(await chat()).toBe("Hello!");
  });

  it("chats fifty times at once", async () => {
    serving().says("Hello!");
    expect(new Set(await Promise.all(Array.from({ length: 50 }, chat)))).toEqual(new Set(["Hello!"]));
  });

  if (stream !== undefined) {
    it("streams", async () => {
      serving().says({ text: "Hello there, you", chunks: 4 });
      expect(await stream()).toBe("Hello there, you");
    });
  }

  if (tools !== undefined) {
    it("lets a tool run, and answers with its result", async () => {
      serving().says({ toolCalls: [{ name: "weather", args: { city: "Oslo" } }] }, "Take an umbrella.");
      const called = [];
      const run = (given) => {
        called.push(typeof given === "string" ? JSON.parse(given) : given);
        return "Rain in Oslo";
      };
      const sent = await serving().sentBy(async () => {
        expect(await tools({ ...weather, run })).toContain("Take an umbrella.");
      });
      expect(called).toEqual([{ city: "Oslo" }]);
      expect(JSON.stringify(sent.at(-1).body.messages)).toContain("Rain in Oslo");
    });
  }

  if (structured !== undefined) {
    it("gets an answer in the form of a schema", async () => {
      serving().says(answer);
      expect(await structured(person)).toEqual({ name: "Ada", age: 36 });
    });
  }

  if (abort !== undefined) {
    it("is stopped by an abort, and so is the provider", async () => {
      serving().says({ fault: "hang" });
      const gone = new AbortController();
      const before = serving().upstream.requests.length;
      const asked = Promise.resolve(abort(gone.signal)).then(
        () => "answered",
        () => "stopped",
      );
      await serving().upstream.received(before + 1);
      gone.abort();
      expect(await asked).toBe("stopped");
      await expect.poll(() => serving().upstream.requests.at(-1).aborted, { timeout: 60_000 }).toBe(true);
    });
  }

  it.each(Object.keys(finalFailures))("asks no second time where asking again mends nothing: %s", async (kind) => {
    serving().says(finalFailures[kind]);
    const sent = await serving().sentBy(async () => {
      await expect(fails()).rejects.toThrow();
    });
    expect(sent.length).toBe(1);
  });
}
