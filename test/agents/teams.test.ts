import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const teams = [
  { example: "team-supervisor", needs: "@langchain/langgraph-supervisor" },
  { example: "teams/swarm", needs: "@langchain/langgraph-swarm" },
  { example: "teams/deep-agent", needs: "deepagents" },
];

afterEach(() => vi.restoreAllMocks());

describe("examples of teams", () => {
  for (const { example, needs } of teams) {
    const isInstalled = existsSync(`${root}node_modules/${needs}/package.json`);
    const title = `${example}.ts prints what it says`;
    it.skipIf(!isInstalled)(isInstalled ? title : `${title} (skipped: ${needs} is not installed)`, async () => {
      const path = `${root}examples/${example}.ts`;
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation((...values) => void lines.push(format(...values)));
      await import(path);
      const [, closing = ""] = readFileSync(path, "utf8").split(/^\/\/ Output:\n/m);
      expect(closing).not.toBe("");
      expect(lines).toEqual(
        closing
          .trimEnd()
          .replace(/^\/\/ ?/gm, "")
          .split("\n"),
      );
    });
  }
});
