import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServing } from "./serving.mjs";

Object.assign(process.env, {
  PROMPTFOO_DISABLE_TELEMETRY: "1",
  PROMPTFOO_DISABLE_UPDATE: "1",
  PROMPTFOO_DISABLE_REMOTE_GENERATION: "1",
  PROMPTFOO_CACHE_ENABLED: "false",
  PROMPTFOO_CONFIG_DIR: mkdtempSync(join(tmpdir(), "promptfoo-")),
});

describe("promptfoo", () => {
  let serving;
  beforeAll(async () => {
    serving = await startServing();
  });
  afterAll(() => serving.close());

  it("evaluates prompts, and reads their tokens", async () => {
    const { loadApiProvider } = await import("promptfoo");
    const options = { config: { apiBaseUrl: serving.url, apiKey: "none" } };
    const provider = await loadApiProvider("openai:chat:chain", { options });
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    const reply = await provider.callApi("Hi");
    expect(reply).toMatchObject({ output: "Hello!", tokenUsage: { total: 15 } });
  });
});
