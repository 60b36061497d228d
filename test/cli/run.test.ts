import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith } from "../../src/testing/index.js";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team, { reply: ({ messages }) => `You said: ${messages.at(-1)!.text}` });
});
afterEach(() => place[Symbol.asyncDispose]());

const text = (file = "out.jsonl") => readFileSync(join(place.folder, file), "utf8");
const rows = (content = text()) =>
  content
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: number | string; text?: string; error?: object });
const asked = () => place.server.requests.map(({ messages }) => messages.at(-1)!.text);

describe("multimodel run", () => {
  it("answers a prompt a line, and writes rows with what each cost", async () => {
    place.file("prompts.txt", "one\n\ntwo\n");
    const { code, stdout, stderr } = await place.run(["run", "prompts.txt", "-o", "out.jsonl", "--model", "fast"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(rows().toSorted((a, b) => Number(a.id) - Number(b.id))).toMatchObject([
      { id: 1, prompt: "one", text: "You said: one", modelUsed: "fast", costUsd: expect.any(Number) },
      { id: 3, prompt: "two", text: "You said: two", modelUsed: "fast", costUsd: expect.any(Number) },
    ]);
    expect(stderr).toMatch(/2 answered, \$0\.\d+, .* → out\.jsonl/);
  });

  it("takes ids and conversations from JSONL, and writes to stdout", async () => {
    const messages = [
      { role: "system", content: "Be short" },
      { role: "user", content: "yo" },
    ];
    const file = place.file("prompts.jsonl", `{"id":"a","prompt":"x"}\n${JSON.stringify({ id: "b", messages })}\n`);
    const { stdout } = await place.run(["run", file, "--model", "fast", "-c", "1"]);
    expect(rows(stdout)).toMatchObject([
      { id: "a", prompt: "x", text: "You said: x" },
      { id: "b", messages, text: "You said: yo" },
    ]);
    expect(place.server.requests[1]!.messages).toEqual([
      { role: "system", text: "Be short" },
      { role: "user", text: "yo" },
    ]);
  });

  it("goes on where it was: answers are kept, failures and a half-written line are asked again", async () => {
    place.file("prompts.txt", "one\ntwo\nthree\nfour\n");
    place.server.reply("my-own", "first", failWith.authentication(), "third", "fourth", "again two", "again four");
    const command = ["run", "prompts.txt", "-o", "out.jsonl", "--model", "own", "-c", "1"];
    const first = await place.run(command);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("3 answered, 1 failed");
    expect(rows()[1]).toMatchObject({ id: 2, prompt: "two", error: { name: "AllModelsFailedError" }, calls: [{}] });
    place.file("out.jsonl", text().slice(0, -30)); // killed while it wrote the last row
    const second = await place.run(command);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain("2 of 4 are answered already (cost unknown).");
    expect(rows().map(({ id, text }) => [id, text])).toEqual([
      [1, "first"],
      [3, "third"],
      [2, "again two"],
      [4, "again four"],
    ]);
    const third = await place.run(command);
    expect([third.code, third.stderr]).toEqual([0, "4 of 4 are answered already (cost unknown).\n"]);
    expect(asked()).toEqual(["one", "two", "three", "four", "two", "four"]);
  });

  it("has no more prompts under way than it was told", async () => {
    let open = 0;
    let most = 0;
    place.server.reply("gpt-4o-mini", async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open--;
      return "ok";
    });
    place.file("prompts.txt", Array.from({ length: 30 }, (_, index) => `prompt ${index}`).join("\n"));
    const { code, stderr } = await place.run(["run", "prompts.txt", "-o", "out.jsonl", "--model", "fast", "-c", "3"]);
    expect([code, rows().length, place.server.requests.length]).toEqual([0, 30, 30]);
    expect(most).toBeLessThanOrEqual(3);
    expect(stderr).not.toContain("Warning");
    expect(stderr.match(/^\d+\/30, .*$/gm) ?? []).not.toHaveLength(30); // a line every 10 s, not one a prompt
  });

  it("keeps what is done at Ctrl-C, aborts what is under way, and takes nothing new", async () => {
    place.file("prompts.txt", "one\ntwo\nthree\nfour\n");
    place.server.reply("my-own", "first", { fault: "hang" });
    const command = place.start(["run", "prompts.txt", "-o", "out.jsonl", "--model", "own", "-c", "1"]);
    await place.server.received(2);
    command.process.kill("SIGINT");
    const { code, stderr } = await command.ended();
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped: 1 answered[\s\S]*Run the same command to continue/);
    expect(rows()).toMatchObject([
      { id: 1, text: "first" },
      { id: 2, error: { name: "AbortError" }, calls: [{ status: "cancelled", estimated: true }] }, // what it cost is kept
    ]);
    await place.server.settled();
    expect(place.server.requests.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  it("refuses an output that answers other prompts, and leaves it as it is", async () => {
    place.file("prompts.txt", "one\n");
    for (const content of [
      '{"id":1,"prompt":"another","text":"x"}\n',
      '{"id":9,"prompt":"one"}\n',
      "my notes\nof today\n",
    ]) {
      place.file("out.jsonl", content);
      const { code, stderr } = await place.run(["run", "prompts.txt", "-o", "out.jsonl", "--model", "fast"]);
      expect([code, text()]).toEqual([2, content]);
      expect(stderr).toContain("give another --output");
    }
    expect(place.server.requests).toEqual([]);
  });

  it.each([
    ["", "has no prompts"],
    ['{"id":"a","prompt":"x"}\n{"id":"a","prompt":"y"}\n', 'the id "a" is used twice'],
    ['{"prompt":"x"}\n{"messages":[]}\nno\n', "prompts.jsonl:3: is not a JSON object"],
    ['{"messages":[{"role":"wizard","content":"x"}]}\n', "wizard"],
    ['{"prompt":"x","system":"Be short"}\n', '"system" is not used; there are id, prompt, messages'],
    ['{"messages":[{"role":"user","content":[{"nonsense":1}]}]}\n', "a message needs role and content"],
    ['{"id":1e400,"prompt":"x"}\n', "id is neither text nor a number"],
  ])("refuses the prompts %j", async (content, message) => {
    place.file("prompts.jsonl", content);
    const { code, stderr } = await place.run(["run", "prompts.jsonl", "--model", "fast"]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(place.server.requests).toEqual([]);
  });

  it.each([
    [
      "a line of JSONL that is broken",
      '{"id":"a","prompt":"x"}\n{"id":"b","prompt":"y"\n',
      "stdin:2: is not a JSON object",
    ],
    ["JSON over several lines", '[\n  {"prompt":"x"},\n  {"prompt":"y"}\n]\n', "stdin:1: is not a JSON object"],
    ["UTF-16", "w\0h\0y\0\n\0", "stdin is not UTF-8 text"],
  ])("asks nobody for %s", async (_, input, message) => {
    const { code, stderr } = await place.run(["run", "-", "--model", "fast"], { input });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(place.server.requests).toEqual([]);
  });

  it("takes prompts in brackets and braces for what they are", async () => {
    await place.run(["run", "-", "--model", "fast"], { input: "[INST] Why?\n{{name}}, who are you?\n" });
    expect(asked().toSorted()).toEqual(["[INST] Why?", "{{name}}, who are you?"]);
  });
});
