import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, type Running, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

async function listening(command: Running): Promise<string> {
  let said = "";
  command.process.stdout.on("data", (text: string) => {
    said += text;
  });
  await command.says("Ctrl-C stops it.");
  return /http:\/\/\S+/.exec(said)![0];
}

const post = (url: string, body: object, key?: string) =>
  fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });

describe("multimodel serve", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "answers, says how to call it, and lets a request end at %s",
    async (signal) => {
      let answer = () => {};
      const held = new Promise<void>((resolve) => {
        answer = resolve;
      });
      place.server.reply("gpt-4o-mini", async () => {
        await held;
        return "At last.";
      });
      const command = place.start(["serve", "--port", "0"]);
      const url = await listening(command);
      const reply = post(url, { model: "fast", messages: [{ role: "user", content: "Hi" }] });
      await place.server.received(1);
      command.process.kill(signal);
      await command.says("Stopping");
      answer();
      expect(await (await reply).json()).toMatchObject({ choices: [{ message: { content: "At last." } }] });
      const { code, stdout } = await command.ended();
      expect(code).toBe(0);
      expect(stdout).toContain(`curl ${url}/chat/completions`);
      expect(stdout).toContain('"model":"assistant"');
    },
  );

  it("cuts what is under way at the second Ctrl-C", async () => {
    place.server.reply("gpt-4o-mini", { fault: "hang" });
    const command = place.start(["serve", "--port", "0"]);
    const url = await listening(command);
    const reply = post(url, { model: "fast", messages: [{ role: "user", content: "Hi" }] });
    const cut = expect(reply).rejects.toThrow("fetch failed");
    await place.server.received(1);
    command.process.kill("SIGINT");
    await command.says("Stopping");
    command.process.kill("SIGINT");
    expect((await command.ended()).code).toBe(130);
    await cut;
    await place.server.settled();
  });

  it("wants a key of the variable, and shows none", async () => {
    const command = place.start(["serve", "--port", "0"], {
      env: { MULTIMODEL_API_KEYS: "first-key-1234, second-key-1234" },
    });
    const url = await listening(command);
    const question = { model: "fast", messages: [{ role: "user", content: "Hi" }] };
    expect((await post(url, question)).status).toBe(401);
    expect((await post(url, question, "second-key-1234")).status).toBe(200);
    command.process.kill("SIGINT");
    const { stdout, stderr } = await command.ended();
    expect(stdout).toContain("2 keys of MULTIMODEL_API_KEYS");
    expect(stdout + stderr).not.toMatch(/first-key|second-key/);
  });

  it("serves a page and metrics with keys of their own, and drains before it stops", async () => {
    const command = place.start(["serve", "--port", "0", "--ui", "--metrics", "--drain", "60"], {
      env: {
        MULTIMODEL_API_KEYS: "key-of-callers",
        MULTIMODEL_UI_KEYS: "key-of-the-page",
        MULTIMODEL_METRICS_KEYS: "key-of-prometheus",
      },
    });
    const url = (await listening(command)).replace(/\/v1$/, "");
    const status = async (path: string, key = "none") =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await status("/ui", "key-of-the-page"), await status("/ui", "key-of-callers")]).toEqual([200, 401]);
    expect([await status("/metrics", "key-of-prometheus"), await status("/metrics", "key-of-callers")]).toEqual([
      200, 401,
    ]);
    expect([await status("/readyz"), await status("/healthz")]).toEqual([200, 200]);
    command.process.kill("SIGTERM");
    await command.says("new requests are accepted for 60 seconds");
    expect([await status("/readyz"), await status("/healthz")]).toEqual([503, 200]);
    command.process.kill("SIGTERM");
    const { code, stdout, stderr } = await command.ended();
    expect(code).toBe(130);
    expect(stdout).toContain(`page     ${url}/ui`);
    expect(stdout).toContain(`metrics  ${url}/metrics`);
    expect(stdout + stderr).not.toMatch(/key-of/);
  });

  it("refuses to let others call without keys, unless somebody insists", async () => {
    const refused = await place.run(["serve", "--host", "0.0.0.0", "--port", "0"]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--insecure")]);
    const command = place.start(["serve", "--host", "0.0.0.0", "--port", "0", "--insecure"]);
    await listening(command);
    command.process.kill("SIGTERM");
    expect((await command.ended()).code).toBe(0);
  });

  it("names the variable where a key cannot be one", async () => {
    const env = { MULTIMODEL_API_KEYS: "first-key second-key" };
    const { code, stdout, stderr } = await place.run(["serve", "--port", "0"], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining("MULTIMODEL_API_KEYS has a key with a space in it")]);
    expect(stdout + stderr).not.toMatch(/first-key|second-key/);
  });

  it("gives a request the time and the size it is told to", async () => {
    place.server.reply("gpt-4o-mini", { fault: "hang" });
    const command = place.start(["serve", "--port", "0", "--timeout", "1", "--body-limit", "1"]);
    const url = await listening(command);
    const ask = (content: string) => post(url, { model: "fast", messages: [{ role: "user", content }] });
    expect((await ask("a".repeat(2 ** 20))).status).toBe(413);
    const late = await ask("Hi");
    expect([late.status, await late.text()]).toEqual([504, expect.stringContaining("No answer within 1000 ms")]);
    command.process.kill("SIGTERM");
    expect((await command.ended()).code).toBe(0);
    expect((await place.run(["serve", "--timeout", "0"])).code).toBe(2);
  });

  it("streams whole answers where it is told to, with no first words of one that breaks off", async () => {
    const cut = { text: "Half an answer", chunks: 4, fault: "cut", afterChunks: 2 } as const;
    place.server.reply("gpt-4o-mini", cut, { text: "A whole answer", chunks: 3 });
    const command = place.start(["serve", "--port", "0", "--stream", "whole"]);
    const url = await listening(command);
    const body = { model: "fast", messages: [{ role: "user", content: "Hi" }], stream: true };
    const text = await (await post(url, body)).text();
    expect(text).toContain('"content":"A whole answer"');
    expect(text).not.toContain("Half");
    command.process.kill("SIGTERM");
    expect((await command.ended()).code).toBe(0);
    expect((await place.run(["serve", "--stream", "live"])).code).toBe(2);
  });

  it("says that a port is taken", async () => {
    const port = new URL(place.server.openaiUrl).port;
    const { code, stderr } = await place.run(["serve", "--port", port]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${port} is in use`)]);
  });
});

describe("multimodel doctor", () => {
  it("finds nothing to do where all is well", async () => {
    const { code, stdout } = await place.run(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`ok       Node: ${process.versions.node}`);
    expect(stdout).toContain("ok       GOOGLE_API_KEY: set, for gemini");
    expect(stdout).toMatch(/ok {7}http:\/\/127\.0\.0\.1:\d+\/v1: reachable \(\d+[^)]*\), for fast, strong, own/);
    expect(stdout).toContain("Nothing to do.");
  });

  it("names the variable of every key, whoever uses it, and a key that stands in the file", async () => {
    const url = place.server.openaiUrl;
    place.file(
      "models.yaml",
      `models:
  a: { provider: openai, model: gpt-4o, baseUrl: ${url}, apiKey: "\${OPENAI_API_KEY}" }
  b: { provider: openai-compatible, model: x, baseUrl: ${url}, headers: { x-key: "\${TEAM}" } }
  c: { provider: openai, model: gpt-4o, baseUrl: ${url}, apiKey: sk-in-the-file-0123 }
mcpServers: { search: { url: "${url}", headers: { Authorization: "Bearer \${SEARCH_TOKEN}" } } }
`,
    );
    const { stdout } = await place.run(["doctor"], {
      env: { TEAM: "team-key-value-1", SEARCH_TOKEN: "search-value-1" },
    });
    expect(stdout).toContain("ok       OPENAI_API_KEY: set, for a\n");
    expect(stdout).toContain("ok       TEAM: set, for b\n");
    expect(stdout).toContain("ok       SEARCH_TOKEN: set, for MCP server search\n");
    expect(stdout).toMatch(/note {5}key of c: is written in the file/);
    expect(stdout).not.toMatch(/team-key|search-value|sk-in-the/);
  });

  it("checks the addresses the clients call, and reads a file whose variables have defaults", async () => {
    const url = place.server.openaiUrl;
    place.file(
      "models.yaml",
      `models:
  a: { provider: openai, model: gpt-4o }
  b: { provider: openai-compatible, model: x, baseUrl: "\${TOKEN_PLAN_URL:-${url}}", parameters: { maxTokens: "\${MAX_TOKENS:-9}" } }
`,
    );
    const { code, stdout } = await place.run(["doctor"], { env: { OPENAI_BASE_URL: url } });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/reachable \(404: its path is not checked\), for a, b/)]);
    expect(stdout).toContain("models.yaml: 2 models, 0 graphs");
  });

  it("notes a fine-tuned model whose price is unknown, and none whose price the file or the catalogue names", async () => {
    const url = place.server.openaiUrl;
    const tuned = (name: string, model: string, more = "") =>
      `  ${name}: { provider: openai, model: "${model}", baseUrl: ${url}, apiKey: "\${OPENAI_API_KEY}"${more} }\n`;
    place.file(
      "models.yaml",
      `models:\n${tuned("a", "ft:gpt-9-unheard-of:acme::abc")}${tuned("b", "ft:gpt-9-unheard-of:acme::abc", ", price: { input: 1, output: 2 }")}${tuned("c", "gpt-4o")}`,
    );
    const { code, stdout } = await place.run(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/note {5}price of a: ft:gpt-9-unheard-of:acme::abc is fine-tuned\n\s+→ .*write its price/);
    expect(stdout).not.toMatch(/price of [bc]/);
    const { stdout: models } = await place.run(["models"]);
    expect(models).toMatch(/^a is fine-tuned: .*write its price in the file$/m);
    expect(models).not.toMatch(/^[bc] is fine-tuned/m);
  });

  it("finds a missing key, package, server and command at once, and says what to do", async () => {
    place.file(
      "models.yaml",
      `models:
  a: { provider: openai, model: gpt-4o }
  b: { provider: google-vertexai, model: gemini-2.5-pro, mcpServers: [shop] }
  c: { provider: ollama, model: llama3, baseUrl: "http://127.0.0.1:1" }
  d: { provider: opnai, model: x }
mcpServers: { shop: { command: no-such-command } }
`,
    );
    const { code, stdout } = await place.run(["doctor"], { env: { OPENAI_API_KEY: "" } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/note {5}models\.yaml:2: .*\n\s+→ .*OPENAI_API_KEY/);
    expect(stdout).toMatch(/problem {2}models\.yaml:5: /);
    expect(stdout).toMatch(
      /note {5}@langchain\/google-vertexai: not installed, for b\n\s+→ npm install @langchain\/google-vertexai/,
    );
    expect(stdout).toMatch(/note {5}http:\/\/127\.0\.0\.1:1: not reachable/);
    expect(stdout).toMatch(/note {5}MCP server shop: there is no command no-such-command/);
  });
});
