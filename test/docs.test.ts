import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failWith, type LoopbackRequest, type LoopbackServer, startLoopbackServer } from "../src/testing/index.js";
import { type Block, blocksOf, pages, programsOf, read, root } from "./docs/blocks.js";

const folder = `${root}out/docs`;

const readme = programsOf("README.md", blocksOf("README.md", "ts")[1]!.code);
const firstDay = programsOf("docs/first-day.md");
const programs = [...readme, ...pages.flatMap((page) => programsOf(page))];

/** Examples in the documentation of src; src/testing runs its own. */
const examples: Block[] = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("testing"))
  .flatMap((file) =>
    [...read(`src/${file}`).matchAll(/\* @example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, code], index) => ({
      source: `src/${file}, example ${index + 1}`,
      code: code!.replace(/^ \* ?/gm, ""),
    })),
  );

const blocks = [...programs, ...examples];

/** Strict, as a reader's own project is; the package is the built one, found by its name. */
const compilerOptions = {
  extends: "../../tsconfig.json",
  compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
  include: [],
  files: programs.map((_block, index) => `block-${index}.ts`),
};
const environment = {
  OPENAI_API_KEY: "sk-test",
  GOOGLE_API_KEY: "test",
  ANTHROPIC_API_KEY: "test",
  ENDPOINT_KEY: "test",
  LANGSMITH_TRACING: "false",
  OTEL_TRACES_EXPORTER: "none",
};
let server: LoopbackServer;
let results: readonly { readonly outcome: string; readonly output: string }[];

/** Answers as models would: a vote on an invoice, a review, else a number and a rating. */
function reply({ model, tools, messages }: LoopbackRequest) {
  if (tools.includes("extract")) {
    const total = model === "gpt-4.1-nano" ? 99 : 12.5;
    return { toolCalls: [{ name: "extract", args: { number: "A-17", total, currency: "EUR" } }] };
  }
  if (messages[0]?.text.includes("approve of the work")) return "Approved.";
  return "The answer is 18. Score: 8";
}

beforeAll(async () => {
  server = await startLoopbackServer({ reply });
  server.reply("gpt-4.1-mini", failWith.server());
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  blocks.forEach(({ code }, index) => {
    writeFileSync(`${folder}/block-${index}.ts`, `${code}\nexport {};\n`);
  });
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(compilerOptions));
  writeFileSync(`${folder}/prompts.txt`, "What is 2 + 2?\nWhat is 3 * 6?\nWhy?\n");
  for (const name of ["models.yaml", "models.example.yaml"])
    copyFileSync(`${root}models.example.yaml`, `${folder}/${name}`);
  const env = {
    ...process.env,
    ...environment,
    OPENAI_BASE_URL: server.openaiUrl,
    LOOPBACK: server.openaiUrl,
    LOOPBACK_GOOGLE: server.googleUrl,
  };
  const runner = [`${root}test/docs/run-blocks.ts`, folder, String(blocks.length)];
  await promisify(execFile)(process.execPath, ["--import", "tsx", ...runner], { cwd: folder, env, maxBuffer: 1e8 });
  results = JSON.parse(readFileSync(`${folder}/results.json`, "utf8"));
}, 600_000);
afterAll(() => server.close());

const outputOf = (index: number) => results[blocks.indexOf(programs[readme.length + firstDayAt + index]!)]!.output;
const firstDayAt = pages.slice(0, pages.indexOf("docs/first-day.md")).flatMap((page) => programsOf(page)).length;

describe("documentation", () => {
  it.each(blocks.map(({ source }, index) => [source, index] as const))("%s runs", (_source, index) => {
    expect(results[index]?.outcome).toBe("ok");
  });

  it("compiles as printed: every block of README and the pages, strictly", async () => {
    const compiler = `${root}node_modules/typescript/bin/tsc`; // tslab brings another one under the same name
    const command = promisify(execFile)(process.execPath, [compiler, "-p", `${folder}/tsconfig.json`], { cwd: root });
    const problems = await command.then(
      () => "",
      ({ stdout }) => String(stdout),
    );
    expect(problems).toBe("");
  });

  it("tells README's story within 200 lines", () => {
    expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(200);
  });

  it("begins with a block of at most 15 lines", () => {
    expect(readme[0]!.code.trim().split("\n").length).toBeLessThanOrEqual(15);
  });

  it("answers the first block through the real client", () => {
    expect(server.requests.filter(({ model }) => model === "gpt-4o-mini").length).toBeGreaterThan(1);
  });

  it("has an example for every pattern and strategy", () => {
    expect(examples.length).toBeGreaterThan(25);
  });
});

describe("the first day", () => {
  it("does five jobs in less than 30 lines each", () => {
    expect(firstDay.map(({ code }) => code.trim().split("\n").length < 30)).toEqual([true, true, true, true, true]);
  });

  it("answers a customer with the small model when the judge passes it", () => {
    expect(outputOf(0)).toMatch(/^small answered for USD [\d.]+, \d+ % less than gpt-4o alone\n/);
  });

  it("writes a row for each prompt of a batch, and what they cost", () => {
    expect(outputOf(1)).toMatch(/^3 of 3, USD 0\.0\d+$/);
    const rows = readFileSync(`${folder}/answers.jsonl`, "utf8").trim().split("\n");
    expect(rows.map((row) => JSON.parse(row).text)).toEqual(Array(3).fill("The answer is 18. Score: 8"));
  });

  it("fails over to the next provider, and says why", () => {
    expect(outputOf(2)).toBe("google: The answer is 18. Score: 8\nfallback google: openai failed: server");
  });

  it("returns the object on which most models agree", () => {
    expect(outputOf(3)).toBe("{ number: 'A-17', total: 12.5, currency: 'EUR' } agreed");
  });

  it("returns the report, not its review", () => {
    expect(outputOf(4)).toMatch(/^The answer is 18\. Score: 8\napproved\n/);
  });
});
