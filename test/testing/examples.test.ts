import { readFile } from "node:fs/promises";
import * as googleGenai from "@langchain/google-genai";
import * as langchainOpenai from "@langchain/openai";
import { describe, expect, it } from "vitest";
import * as testing from "../../src/testing/index.js";

const modules: Record<string, object> = {
  "@langchain/google-genai": googleGenai,
  "@langchain/openai": langchainOpenai,
  "langgraph-multimodel/testing": testing,
};

/** The first `@example` of a file, with the comments behind its `console.log` lines as the expected output. */
async function example(
  file: string,
): Promise<{ run: (log: (value: unknown) => void) => Promise<void>; prints: string[] }> {
  const source = await readFile(new URL(`../../src/testing/${file}`, import.meta.url), "utf8");
  const block = /@example\n \* ```ts\n([\s\S]*?)\n \* ```/.exec(source)?.[1] ?? "";
  const code = block.replaceAll(/^ \* ?/gm, "");
  const body = code.replaceAll(/^import \{(.+)\} from "(.+)";$/gm, 'const {$1} = modules["$2"];');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const compiled = new AsyncFunction("modules", "console", body);
  return {
    run: (log) => compiled(modules, { log }),
    prints: [...code.matchAll(/console\.log\(.*\/\/ (.+)$/gm)].map((found) => found[1] ?? ""),
  };
}

describe("documentation", () => {
  for (const file of ["loopback-server.ts", "fail-with.ts", "chaos.ts", "chaos-faults.ts"]) {
    it(`prints what the example of ${file} says`, async () => {
      const { run, prints } = await example(file);
      const printed: unknown[] = [];
      await run((value) => printed.push(value));
      expect(prints.length).toBeGreaterThan(1);
      expect(printed.map((value) => (typeof value === "object" ? value : String(value)))).toEqual(
        prints.map((line) => (line.startsWith("[") ? new Function(`return ${line}`)() : line)),
      );
    });
  }
});
