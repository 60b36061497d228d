import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith } from "../../src/testing/index.js";
import { keys, openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("multimodel chat", () => {
  it("prints the answer alone on stdout, and beside it who answered, why and for how much", async () => {
    place.server.reply("gpt-4o-mini", "Rayleigh scattering.");
    place.server.reply("gemini-2.5-flash", "9/10");
    const { code, stdout, stderr } = await place.run(["chat", "Why is the sky blue?"]);
    expect([code, stdout]).toEqual([0, "Rayleigh scattering.\n"]);
    expect(stderr).toMatch(
      /^fast \(gpt-4o-mini\) · accept fast: .*9.* · 2 calls · \$0\.\d+ · \d+ tokens · \d+\.\d s\n$/,
    );
    expect(place.server.requests.map(({ model }) => model)).toEqual(["gpt-4o-mini", "gemini-2.5-flash"]);
  });

  it("asks the model or graph that is named, and no other", async () => {
    await place.run(["chat", "--model", "strong", "Hi"]);
    await place.run(["chat", "--graph", "chain", "Hi"]);
    expect(place.server.requests.map(({ model }) => model)).toEqual(["gpt-4o", "my-own"]);
  });

  it("asks a model whose name no node of a graph may have", async () => {
    const model = `{ provider: openai, model: gpt-4o, baseUrl: ${place.server.openaiUrl} }`;
    place.file("models.yaml", `models: { constructor: ${model}, "llama3:8b": ${model} }\n`);
    place.server.reply("gpt-4o", "Hi!");
    for (const args of [
      ["chat", "Hi"],
      ["chat", "--model", "llama3:8b", "Hi"],
    ]) {
      // biome-ignore format: two commands
      expect(await place.run(args)).toMatchObject({ code: 0, stdout: "Hi!\n" });
    }
  });

  it("says in a line that settings of a file are not used", async () => {
    const model = `{ name: fast, provider: universal, model: gpt-4o, base_url: "${place.server.openaiUrl}" }`;
    const other = "{ name: local, provider: ollama, model: llama3, model_api_parameters: { logit_bias: { a: 1 } } }";
    place.file("models.yaml", `runtime: { default_model: fast, models: [${model}, ${other}] }\n`);
    place.file("prompts.txt", "Hi\n");
    for (const args of [
      ["chat", "Hi"],
      ["run", "prompts.txt"],
    ]) {
      const { code, stderr } = await place.run(args);
      expect([code, stderr]).toEqual([
        0,
        expect.stringContaining("1 setting of models.yaml is not used; multimodel doctor"),
      ]);
    }
  });

  it("takes the question from a pipe", async () => {
    place.server.reply("gpt-4o-mini", ({ messages }) => `You said: ${messages.at(-1)!.text}`);
    const { stdout } = await place.run(["chat", "--model", "fast"], { input: "from a pipe\n" });
    expect(stdout).toBe("You said: from a pipe\n");
  });

  it("prints one JSON object, of a failure too", async () => {
    place.server.reply("gpt-4o", "Hi!");
    const { stdout } = await place.run(["chat", "--json", "--model", "strong", "Hi"]);
    const told = JSON.parse(stdout);
    expect(Object.keys(told)).toEqual(["text", "modelUsed", "confidence", "decisions", "calls", "costUsd"]);
    expect(told).toMatchObject({ text: "Hi!", modelUsed: "strong", calls: [{ model: "gpt-4o", status: "ok" }] });
    place.server.reply("my-own", failWith.authentication());
    const failed = await place.run(["chat", "--json", "--model", "own", "Hi"]);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { name: "AllModelsFailedError", message: expect.stringContaining("authentication") },
      calls: [{ model: "my-own", status: "error" }],
    });
  });

  it("tells a failure without a stack trace and without the key a server repeats", async () => {
    place.server.reply("gpt-4o-mini", failWith.authentication({ message: `Wrong key: ${keys.OPENAI_API_KEY}` }));
    place.server.reply("gemini-2.5-flash", failWith.authentication({ message: `Not valid: ${keys.GOOGLE_API_KEY}` }));
    for (const model of ["fast", "gemini"]) {
      const { code, stdout, stderr } = await place.run(["chat", "--model", model, "Hi"]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/authentication: .*\[redacted\]/);
    }
  });

  it("never mixes an attempt that broke off with the answer", async () => {
    place.server.reply("my-own", { fault: "cut", text: "I begin, and never", afterChunks: 3 });
    place.server.reply("gpt-4o-mini", "All of it.");
    const { code, stdout, stderr } = await place.run(["chat", "--graph", "chain", "Hi"]);
    expect([code, stdout]).toEqual([0, "All of it.\n"]);
    expect(stderr).toContain("fallback fast");
  });

  it("ends at Ctrl-C: the model is aborted, and what was paid is told", async () => {
    place.server.reply("gpt-4o-mini", { fault: "hang" });
    const command = place.start(["chat", "--model", "fast", "Hi"]);
    await place.server.received(1);
    command.process.kill("SIGINT");
    const { code, stdout, stderr } = await command.ended();
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/^Stopped; /);
    await place.server.settled();
    expect(place.server.requests.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it.each([
    [["chat", "--model", "nope", "Hi"], 'models.yaml has no model "nope"; it has fast, strong, gemini, own'],
    [["chat", "--model", "chain", "Hi"], '"chain" is a graph: write --graph chain'],
    [["chat", "--model", "fast", "--graph", "chain", "Hi"], "give --model or --graph, not both"],
    [["chat"], "there is no question"],
    [["chat", "--modle", "fast", "Hi"], "Did you mean --model?"],
    [["chat", "--config", "nope.yaml", "Hi"], "there is no such file"],
    [["caht"], "Did you mean chat?"],
  ])("refuses %j as wrong usage, and asks nobody", async (args, message) => {
    const { code, stdout, stderr } = await place.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(place.server.requests).toEqual([]);
  });

  it("tells all that is wrong with the file at once", async () => {
    place.file(
      "models.yaml",
      "models:\n  a: { provider: opnai, model: x }\n  b: { provider: openai, model: x, apiKey: 5 }\n",
    );
    const { code, stderr } = await place.run(["chat", "Hi"]);
    expect(code).toBe(2);
    expect(stderr).toContain("models.yaml:2: models.a.provider");
    expect(stderr).toContain("models.yaml:3: models.b.apiKey");
  });
});

describe("multimodel", () => {
  it("shows where an error happened when it is asked to", async () => {
    place.server.reply("my-own", failWith.authentication());
    const command = place.start(["chat", "--model", "own", "Hi"], { env: { DEBUG: "multimodel" } });
    await command.says("    at ");
    command.process.kill();
  });

  it("says of a server of tools that does not start which one it is, before anything is paid", async () => {
    place.file(
      "models.yaml",
      `models: { a: { provider: openai, model: gpt-4o, baseUrl: ${place.server.openaiUrl}, mcpServers: [gone] } }
mcpServers: { gone: { command: no-such-command } }
`,
    );
    const { code, stderr } = await place.run(["chat", "--model", "a", "Hi"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/models\.yaml:\d+: mcpServers\.gone: does not start; fix its command/),
    ]);
  });

  it("shows a file to write where there is none", async () => {
    await using empty = await openPlace();
    const { code, stderr } = await empty.run(["chat", "Hi"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no models\.yaml, models\.yml or models\.json in .*\n[\s\S]*fast: \{ provider: openai/);
  });

  it("helps with every command, and names its version", async () => {
    for (const args of [
      [],
      ["--help"],
      ["help"],
      ["help", "run"],
      ...["chat", "run", "compare", "models", "graph", "route", "serve", "doctor"].map((name) => [name, "--help"]),
    ]) {
      const { code, stdout } = await place.run(args);
      expect([args, code]).toEqual([args, 0]);
      expect(stdout).toContain("Examples:");
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    }
    expect(await place.run(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it("prints the calls as bars, and writes the run as a page, with its steps drawn", async () => {
    place.server.reply("gpt-4o-mini", "Rayleigh scattering.");
    place.server.reply("gemini-2.5-flash", "9/10");
    const { code, stdout, stderr } = await place.run(["chat", "--timeline", "--report", "run.html", "Why is it blue?"]);
    expect([code, stdout]).toEqual([0, "Rayleigh scattering.\n"]);
    expect(stderr).toMatch(
      /\nfast gpt-4o-mini +[░█]+ .* \$0\.\d+\nverifier gemini-2.5-flash +[░█]+ .*\n2 calls .*\n.*run\.html\n$/,
    );
    const page = readFileSync(join(place.folder, "run.html"), "utf8");
    expect(page).toContain('<h1 dir="auto">Why is it blue?</h1>');
    expect(page).toContain("Rayleigh scattering.");
    expect(page).toMatch(
      /srcset="data:image\/svg\+xml,[^"]*"><img src="data:image\/svg\+xml,%3Csvg[^"]*data-node=%22verifier%22/,
    );
    for (const key of Object.values(keys)) expect(page).not.toContain(key);
  });

  it("writes the page of a run that fails, and refuses a file that cannot be written before it asks", async () => {
    place.server.reply("gpt-4o", failWith.badRequest());
    const failed = await place.run(["chat", "--model", "strong", "--report", "run.html", "Hi"]);
    expect(failed.code).toBe(1);
    expect(readFileSync(join(place.folder, "run.html"), "utf8")).toMatch(/No answer[\s\S]*invalid_request/);
    const { requests } = place.server;
    const before = requests.length;
    const refused = await place.run(["chat", "--report", "none/run.html", "Hi"]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining("none/run.html: there is no such file"),
    ]);
    expect(requests).toHaveLength(before);
  });
});
