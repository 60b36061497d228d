import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  const tasks = `
tasks:
  summary: { model: fast, parameters: { temperature: 0.2, maxTokens: 200 } }
  story: { temperature: 0.9 }
`;
  place = await openPlace((server) => team(server) + tasks, { reply: "Here it is." });
});
afterEach(() => place[Symbol.asyncDispose]());
const sent = () => place.server.requests.map(({ model, body }) => [model, body.temperature, body.max_tokens]);

describe("multimodel › --task", () => {
  it("answers with the task's parameters and model", async () => {
    const { code, stdout } = await place.run(["chat", "--task", "summary", "Hi"]);
    expect([code, stdout, sent()]).toEqual([0, "Here it is.\n", [["gpt-4o-mini", 0.2, 200]]]);
  });

  it("leaves the choice to --model and --graph, and to the default if the task names none", async () => {
    await place.run(["chat", "-t", "summary", "--model", "strong", "Hi"]);
    await place.run(["chat", "-t", "summary", "--graph", "chain", "Hi"]);
    expect(sent()).toEqual([["gpt-4o", 0.2, 200], ["my-own", 0.2, 200]]); // biome-ignore format: one thought
    place.server.reply("gemini-2.5-flash", "Score: 9");
    const { stdout } = await place.run(["chat", "-t", "story", "--json", "Hi"]);
    expect(JSON.parse(stdout)).toMatchObject({ modelUsed: "fast", decisions: [{ kind: "accept" }] }); // `default` of the file
    expect(sent()[2]).toEqual(["gpt-4o-mini", 0.9, undefined]);
  });

  it("is that of every prompt of a run", async () => {
    place.file("prompts.txt", "one\ntwo\n");
    const { code, stdout } = await place.run(["run", "prompts.txt", "--task", "summary"]);
    expect([code, stdout.match(/"target":"fast"/g)?.length]).toEqual([0, 2]);
    expect(sent()).toEqual(Array(2).fill(["gpt-4o-mini", 0.2, 200]));
  });

  it("refuses a task the file does not have, before a call", async () => {
    const { code, stderr } = await place.run(["chat", "--task", "sumary", "Hi"]);
    expect(code).toBe(2);
    expect(stderr).toContain('models.yaml has no task "sumary"; it has summary, story; did you mean summary?');
    expect(place.server.requests).toEqual([]);
  });

  it("says what to write in a file without tasks", async () => {
    place.file("models.yaml", team(place.server));
    place.file("prompts.txt", "one\n");
    const again = await place.run(["run", "prompts.txt", "--task", "summary"]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("it has none: write it under tasks")]);
  });
});
