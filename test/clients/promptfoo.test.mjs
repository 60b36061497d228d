import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { behaves } from "./behaves.mjs";
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
  let provider;
  beforeAll(async () => {
    serving = await startServing();
    const { loadApiProvider } = await import("promptfoo");
    const options = { config: { apiBaseUrl: serving.url, apiKey: "none" } };
    provider = await loadApiProvider("openai:chat:chain", { options });
  });
  afterAll(() => serving.close());
  const ask = async () => {
    const { error, output } = await provider.callApi("Hi");
    if (error !== undefined) throw new Error(error);
    return output;
  };

  behaves(() => serving, { chat: ask, fails: ask });

  it("reads tokens", async () => {
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    expect(await provider.callApi("Hi")).toMatchObject({ output: "Hello!", tokenUsage: { total: 15 } });
  });
});
