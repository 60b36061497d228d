import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** Gives a test file a folder that is new for each test. */
export function useScratch(): { file(name: string): string; lines(name: string): Record<string, unknown>[] } {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "multimodel-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const lines = (name: string) =>
    readFileSync(file(name), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { file, lines };
}
