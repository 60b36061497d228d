import { describe, expect, it } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { runDemo, startFakeOllama } from "./run-demo.js";

const KEY = "0penAI-key-that-no-pattern-knows";
const GOOGLE_KEY = "g00gle-key-that-no-pattern-knows";
const PASSED = "Correct and clear.\nScore: 9";
const FAILED = "Wrong.\nScore: 2";
const QUESTION = "Why is the sky blue?";

const openai = (server: LoopbackServer) => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.openaiUrl });
const google = (server: LoopbackServer) => ({ GEMINI_API_KEY: GOOGLE_KEY, GOOGLE_BASE_URL: server.googleUrl });
const askedOf = ({ requests }: LoopbackServer) => requests.map(({ model }) => model);

describe("npm run demo -- question", { timeout: 600_000 }, () => {
  it("says how to provide a model, and makes no answer up, when there is none", async () => {
    const { code, stdout, stderr } = await runDemo([QUESTION]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    for (const name of ["OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "ollama serve", "OLLAMA_HOST"]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).toContain("Ollama was looked for at http://127.0.0.1:1: nothing answers there.");
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("returns the small model's answer when the large one passes it, and says why and what it cost", async () => {
    await using server = await startLoopbackServer();
    server.reply("gpt-4o-mini", "Rayleigh scattering.");
    server.reply("gpt-4o", PASSED);
    const { code, stdout, stderr } = await runDemo(QUESTION.split(" "), openai(server));
    expect(code, stderr).toBe(0);
    expect(askedOf(server)).toEqual(["gpt-4o-mini", "gpt-4o"]);
    expect(server.requests[0]?.messages).toEqual([{ role: "user", text: QUESTION }]);
    expect(stdout.match(/Rayleigh scattering\./g)).toHaveLength(1);
    expect(stdout).toContain(
      "Answered by gpt-4o-mini (small/openai)\n- accept → small: the judge gave 9 of 10, 7 passes",
    );
    expect(stdout).toMatch(
      /^ {2}model +calls +% +failed .*\n→ gpt-4o-mini +1 +50 +0 .*\n {2}gpt-4o +1 +50 +0 .*\n {2}total +2 +100 +0 .*0\.000\d+ +100\n→ gave the answer$/m,
    );
    expect(stdout + stderr).not.toContain(KEY);
  });

  it("streams the large model's answer when it does not pass the small one's, which is never shown", async () => {
    await using server = await startLoopbackServer();
    server.reply("gpt-4o-mini", "Because of the sea.");
    server.reply("gpt-4o", FAILED, { text: "Air scatters blue light most.", chunks: 6, chunkDelayMs: 100 });
    const { code, stdout, pieces, stderr } = await runDemo([QUESTION], openai(server));
    expect(code, stderr).toBe(0);
    expect(askedOf(server)).toEqual(["gpt-4o-mini", "gpt-4o", "gpt-4o"]);
    expect(stdout).toContain("Air scatters blue light most.\n\nAnswered by gpt-4o (fallback)\n");
    expect(stdout).toContain("- fallback → fallback (gpt-4o): the judge gave 2 of 10, 7 passes");
    expect(stdout).not.toContain("Because of the sea");
    expect(pieces.length).toBeGreaterThan(4);
  });

  it("asks Gemini alone when only its key is there", async () => {
    await using server = await startLoopbackServer();
    server.reply("gemini-2.5-flash", { text: "Sunlight,\u001b[2J scattered.", chunks: 3 });
    const { code, stdout, stderr } = await runDemo([QUESTION], google(server));
    expect(code, stderr).toBe(0);
    expect(askedOf(server)).toEqual(["gemini-2.5-flash"]);
    expect(stdout).toContain(
      "Asking gemini-2.5-flash.\n\nSunlight,[2J scattered.\n\nAnswered by gemini-2.5-flash (gemini)",
    );
    expect(stdout + stderr).not.toContain(GOOGLE_KEY);
  });

  it("falls back from one small model to the other, and lets the large one judge", async () => {
    await using server = await startLoopbackServer();
    server.reply("gemini-2.5-flash", { error: { kind: "quota" } });
    server.reply("gpt-4o-mini", "Rayleigh scattering.");
    server.reply("gpt-4o", PASSED);
    const { code, stdout, stderr } = await runDemo([QUESTION], { ...openai(server), ...google(server) });
    expect(code, stderr).toBe(0);
    expect(askedOf(server)).toEqual(["gemini-2.5-flash", "gpt-4o-mini", "gpt-4o"]);
    expect(stdout).toContain("- fallback → openai (gpt-4o-mini): gemini failed: quota\n- accept → small: ");
  });

  it("ends with exit code 1 and no key on the screen when the key is refused", async () => {
    await using server = await startLoopbackServer({
      reply: { error: { kind: "authentication", message: `Nobody knows ${KEY}.` } },
    });
    const { code, stdout, stderr } = await runDemo([QUESTION], openai(server));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^No answer\. No model answered\.\n/);
    expect(stderr).toContain("authentication: 401 Nobody knows [redacted].");
    expect(stdout).not.toContain("Answered by");
    expect(stdout + stderr).not.toContain(KEY);
  });

  it("asks the first chat model of an Ollama server, at no price", async () => {
    await using server = await startLoopbackServer();
    server.reply("llama3.2:3b", "Scattering.");
    const models = ["nomic-embed-text:latest", "llama3.2:3b", "qwen3:4b", "gemma3:1b"].map((name) => ({ name }));
    await using ollama = await startFakeOllama({ models }, server.openaiUrl);
    const { code, stdout, stderr } = await runDemo([QUESTION], { OLLAMA_HOST: ollama.host });
    expect(code, stderr).toBe(0);
    expect(askedOf(server)).toEqual(["llama3.2:3b"]);
    expect(stdout).toContain(
      "Asking llama3.2:3b (should it fail: qwen3:4b).\n\nScattering.\n\nAnswered by llama3.2:3b (ollama)",
    );
    expect(stdout).toMatch(/^→ llama3\.2:3b +1 +100 +0 .* 0\.000000 +–$/m);
  });

  it("does not call it free when Ollama passes the request on to a cloud", async () => {
    await using server = await startLoopbackServer();
    const models = [{ name: "big:cloud", remote_host: "https://ollama.com:443" }];
    await using ollama = await startFakeOllama({ models }, server.openaiUrl);
    const { code, stdout, stderr } = await runDemo([QUESTION], { OLLAMA_HOST: ollama.host });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^→ big:cloud +1 +100 +0 .* unknown +–$/m);
  });

  it.each([
    ["--help", 0, /^npm run demo {2,}compares/],
    ["", 1, /^The question is empty\.\n\nnpm run demo /],
    ["--verbose", 1, /^Unknown option: --verbose\n\nnpm run demo /],
  ])("answers %j with its usage and exit code %i", async (word, expected, usage) => {
    const { code, stdout, stderr } = await runDemo([word]);
    expect(code).toBe(expected);
    expect(stdout + stderr).toMatch(usage);
  });
});
