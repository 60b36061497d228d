import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { shownIn } from "./support/planted.js";

vi.setConfig({ testTimeout: 600_000 }); // it waits for a process, on machines that are busy

const script = fileURLToPath(new URL("./support/uncaught.mjs", import.meta.url));

/** What node prints of each mistake, as of an error nobody catches; `npm test` has built the package. */
const { stdout, stderr } = spawnSync(process.execPath, [script, "each"], { encoding: "utf8", maxBuffer: 2 ** 28 });
const printed = stdout.startsWith("[") ? (JSON.parse(stdout) as { name: string; text: string; thrown: boolean }[]) : [];
const secrets = ["Planted-in-apiKey-orchid/lantern+1=velvet", "Planted-in-header-orchid/lantern+2=velvet"];

describe("a mistake in a call", () => {
  it("is tried in every factory and strategy", () => {
    expect({ stderr, many: printed.length > 60 }).toEqual({ stderr: "", many: true });
  });

  it.each(printed)("is told in a few lines, without what was given: $name", ({ text, thrown }) => {
    expect({ text, thrown }).toMatchObject({ thrown: true });
    expect(shownIn(text, secrets)).toEqual([]);
    expect(text).not.toMatch(/lc_kwargs|lc_namespace|clientConfig/);
    expect(text.split("\n").length, text).toBeLessThanOrEqual(25);
    expect(text).toMatch(/^(\w+Error|.*\n.*\n.*\n\n\w+Error|Error: )/);
  });

  it("is told so by node itself, thrown or rejected", () => {
    for (const how of ["thrown", "rejected"]) {
      const ended = spawnSync(process.execPath, [script, how], { encoding: "utf8" });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toContain("createFallback.fallbak is a ChatOpenAI; the options are");
      expect(shownIn(ended.stderr, secrets)).toEqual([]);
      expect(ended.stderr.split("\n").length).toBeLessThanOrEqual(30);
    }
  });
});
