import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../src/config/index.js";
import { blocksOf, pages, read, root } from "./blocks.js";

const documents = ["README.md", ...pages, "examples/README.md", "notebooks/README.md", "bench/README.md"].filter(
  (page) => existsSync(`${root}${page}`),
);
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> };
/** The built command line, which finds its package.json only there. */
const { createProgram } = (await import(`${root}dist/esm/cli/program.js`)) as typeof import("../../src/cli/program.js");
const npmCommands = ["init", "install", "test", "pack"];

/** Programs of others, whose arguments are not ours to check. */
const foreign =
  /^(curl|claude|codex|aider|cd|git|node|pip|jupyter|apt-get|npx (-p|jupyter|@langchain\/langgraph-cli))\b/;

/** Commands of a shell block, one each: without remarks, variables before them and what they are piped into. */
function commandsIn(code: string): string[] {
  return code
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(/&&|\||;/))
    .map((command) =>
      command
        .replace(/>\s*\S+$/, "")
        .replace(/^\s*(?:[A-Z_]+=\S*\s+)*/, "")
        .trim(),
    )
    .filter((command) => command !== "");
}

/** Says what is wrong with a command, else returns "". */
async function faultOf(command: string): Promise<string> {
  const script = /^npm (?:run |)([\w:-]+)/.exec(command)?.[1];
  if (script !== undefined) return script in scripts || npmCommands.includes(script) ? "" : `no script ${script}`;
  const file = /^npx tsx (?:--\S+ )*(\S+)/.exec(command)?.[1];
  if (file !== undefined) return existsSync(`${root}${file}`) ? "" : `no file ${file}`;
  const words = /^(?:npx )?multimodel\b(.*)$/.exec(command)?.[1];
  if (words === undefined) return foreign.test(command) ? "" : "a command that this test does not know";
  const program = createProgram();
  program.commands.forEach((each) => {
    each.configureOutput({ writeErr: () => {}, writeOut: () => {} }).action(() => {});
  });
  program.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  const given = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  return program.parseAsync(given, { from: "user" }).then(
    () => "",
    ({ code, message }) => (/^commander\.(help|version)/.test(code) ? "" : String(message)),
  );
}

/** What a fragment of a file leaves out. */
const models = `models:
  fast: { provider: openai, model: gpt-4o-mini }
  strong: { provider: openai, model: gpt-4o }
  local: { provider: ollama, model: llama3.1 }
  backup: { provider: google-genai, model: gemini-2.0-flash }
`;
const env = {
  OPENAI_API_KEY: "sk-test",
  AZURE_OPENAI_API_KEY: "test",
  GOOGLE_API_KEY: "test",
  KEY: "test",
  OPENAI_KEY_2: "test",
};

describe("commands in the documentation", () => {
  const blocks = documents.flatMap((page) => blocksOf(page, "sh"));
  const inline = documents.flatMap((page) =>
    [...read(page).matchAll(/`((?:npx multimodel|multimodel|npm run|npx tsx) [^`]+)`/g)].map(([, code]) => ({
      source: page,
      code: code!,
    })),
  );
  const commands = [...blocks, ...inline].flatMap(({ source, code }) =>
    commandsIn(code).map((command) => ({ source, command })),
  );

  it.each(commands.map(({ source, command }) => [source, command]))("%s: %s", async (_source, command) => {
    expect(await faultOf(command)).toBe("");
  });

  it("are refused where a command, an option or a script does not exist", async () => {
    expect(await faultOf("npx multimodel chta")).toMatch(/unknown command/);
    expect(await faultOf("npx multimodel run prompts.txt --paralel 4")).toMatch(/unknown option/);
    expect(await faultOf("multimodel run")).toMatch(/missing required argument/);
    expect(await faultOf("npm run benhc")).toBe("no script benhc");
    expect(await faultOf("npx tsx bench/no.ts")).toBe("no file bench/no.ts");
    expect(await faultOf("make")).not.toBe("");
  });
});

describe("files in the documentation", () => {
  const yaml = documents.flatMap((page) => blocksOf(page, "yaml"));

  it.each(yaml.map(({ source, code }) => [source, code]))("%s loads", async (source, code) => {
    const isWhole = /^(models|llm:\w+|runtime):/m.test(code);
    const { models: loaded, unavailable } = await parseConfig(source, isWhole ? code : models + code, env);
    expect(Object.keys(loaded).length).toBeGreaterThan(0);
    expect(unavailable).toEqual({});
  });

  it.each(documents.flatMap((page) => blocksOf(page, "json")).map(({ source, code }) => [source, code]))(
    "%s is JSON",
    (_source, code) => {
      expect(() => JSON.parse(code)).not.toThrow();
    },
  );

  it.each(documents.flatMap((page) => blocksOf(page, "yml")).map(({ source, code }) => [source, code]))(
    "%s is YAML of another program, over counters that there are",
    (_source, code) => {
      expect(Object.keys(parse(code)).length).toBeGreaterThan(0);
      const counters = [...code.matchAll(/multimodel_\w+/g)].map(([name]) => name);
      const described = read("docs/metrics.md");
      for (const name of counters) expect([name, described.includes(`\`${name}\``)]).toEqual([name, true]);
    },
  );

  it("have no block in a language that no test reads", () => {
    const languages = documents.flatMap((page) =>
      [...read(page).matchAll(/^```(\w*)\n[\s\S]*?^```$/gm)].map(([, name]) => name!),
    );
    expect([...new Set(languages)].sort()).toEqual(["json", "sh", "ts", "yaml", "yml"]);
  });
});
