import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../src/testing/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}out/docs`;
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

interface Block {
  readonly source: string;
  readonly code: string;
}

/** README's blocks as a reader puts them together: the first by itself, the second before each of the others. */
const [opening = "", given = "", ...others] = [...read("README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code!,
);
const readme: Block[] = [opening, given, ...others.map((code) => `${given}${code}`)].map((code, index) => ({
  source: `README.md, block ${index + 1}`,
  code,
}));

/** Pages whose blocks run: the first block of a page by itself, and before each of the others. */
const pages: Block[] = ["conversations", "cancelling", "testing", "batches", "moving", "choosing", "limits"].flatMap(
  (page) => {
    const [given = "", ...others] = [...read(`docs/${page}.md`).matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, code]) => code!,
    );
    return others.map((code, index) => ({ source: `docs/${page}.md, block ${index + 2}`, code: `${given}${code}` }));
  },
);

/** Examples in the documentation of src; src/testing runs its own, src/tracing exports nothing. */
const examples: Block[] = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/^(testing|tracing)/.test(file))
  .flatMap((file) =>
    [...read(`src/${file}`).matchAll(/\* @example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, code], index) => ({
      source: `src/${file}, example ${index + 1}`,
      code: code!.replace(/^ \* ?/gm, ""),
    })),
  );

const blocks = [...readme, ...pages, ...examples];

/** Strict, as a reader's own project is; the package is the built one, found by its name. */
const compilerOptions = {
  extends: "../../tsconfig.json",
  compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
  include: [],
  files: [...readme, ...pages].map((_block, index) => `block-${index}.ts`),
};
const environment = { OPENAI_API_KEY: "sk-test", GOOGLE_API_KEY: "test", LANGSMITH_TRACING: "false" };
let server: LoopbackServer;
let results: Record<string, string>;

beforeAll(async () => {
  server = await startLoopbackServer({ reply: "The answer is 18. Score: 8" });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  blocks.forEach(({ code }, index) => {
    writeFileSync(`${folder}/block-${index}.ts`, `${code}\nexport {};\n`);
  });
  writeFileSync(`${folder}/run.ts`, runner(blocks.length));
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(compilerOptions));
  const env = {
    ...process.env,
    ...environment,
    OPENAI_BASE_URL: server.openaiUrl,
    LOOPBACK: server.openaiUrl,
    LOOPBACK_GOOGLE: server.googleUrl,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", `${folder}/run.ts`], {
    cwd: root,
    env,
    maxBuffer: 1e8,
  });
  results = JSON.parse(stdout.slice(stdout.lastIndexOf("\u0000") + 1));
}, 600_000);
afterAll(() => server.close());

/** Gives the blocks what they leave out: the library, three real clients, and the ledger of a run. */
function runner(count: number): string {
  return `
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { InMemoryStore, StateSchema } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import * as library from "langgraph-multimodel";
import * as learned from "langgraph-multimodel/learned";
import { z } from "zod";
const client = (model: string) => new ChatOpenAI({ model, configuration: { baseURL: process.env.LOOPBACK } });
const gemini = new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", baseUrl: process.env.LOOPBACK_GOOGLE });
const [small, large, a, b, c, openai, code, chat, fast, other, tiny] = ["gpt-4o-mini", "gpt-4o", "a", "b", "c", "openai", "code", "chat", "fast", "other", "tiny"].map(client);
const graph = library.createFallback({ models: { small } }).compile();
const { calls } = await graph.invoke({ messages: "Hi" });
const Report = z.object({ title: z.string() });
Object.assign(globalThis, library, learned, { AIMessage, HumanMessage, ChatOpenAI, ChatGoogleGenerativeAI, InMemoryStore, StateSchema, z, small, large, a, b, c, openai, gemini, code, chat, fast, other, tiny, graph, calls, Report });
const results: Record<string, string> = {};
for (let index = 0; index < ${count}; index++) {
  try {
    await import(\`./block-\${index}.ts\`);
    results[index] = "ok";
  } catch (error) {
    results[index] = String((error as Error).stack ?? error);
  }
}
process.stdout.write("\\u0000" + JSON.stringify(results));
process.exit(0);
`;
}

describe("documentation", () => {
  it.each(blocks.map(({ source }, index) => [source, index] as const))("%s runs", (_source, index) => {
    expect(results[index]).toBe("ok");
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

  it("links to files that exist", () => {
    const documents = readdirSync(`${root}docs`).filter((file) => file.endsWith(".md"));
    for (const page of ["README.md", "CONTRIBUTING.md", ...documents.map((file) => `docs/${file}`)]) {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        const file = new URL(target!, new URL(page, new URL("../", import.meta.url)));
        expect(existsSync(file), `${page} links to ${target}`).toBe(true);
      }
    }
  });
});
