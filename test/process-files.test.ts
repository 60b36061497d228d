import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { processFiles } from "./support/process-files.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `test/${file.replaceAll("\\", "/")}`);

/** True for a file that can start a process, itself or through what it imports from the tests. */
function startsProcesses(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file) || !file.startsWith("test/") || !existsSync(root + file)) return false;
  seen.add(file);
  const imports = [...readFileSync(root + file, "utf8").matchAll(/^(?:import|\} from|export .*from) .*?"([^"]+)";$/gm)];
  return imports.some(
    ([, path]) =>
      path === "node:child_process" ||
      (path!.startsWith(".") && startsProcesses(join(dirname(file), path!).replace(/\.js$/, ".ts"), seen)),
  );
}

it("names each test file that starts a process, so that the units start none", () => {
  const starting = files.filter((file) => startsProcesses(file));
  expect(starting.filter((file) => !processFiles.includes(file))).toEqual([]);
});

it("names no file that is gone", () => {
  expect(processFiles.filter((file) => !files.includes(file))).toEqual([]);
});
