import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

/** A block of a page, as a reader runs it. */
export interface Block {
  readonly source: string;
  readonly code: string;
}

/** Decisions tell why, not how; docs/upstream.md reproduces faults of others and has a test of its own. */
const isGuide = (file: string) => file.endsWith(".md") && !/^(decisions\/|upstream\.md)/.test(file);

/** Every page that says how something is done. */
export const pages: readonly string[] = readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter(isGuide)
  .sort()
  .map((file) => `docs/${file}`);

/** Pages whose TypeScript is cells of a notebook, which test/notebook/own-folder.test.ts runs in Jupyter. */
const notebookPages: readonly string[] = ["docs/notebooks.md"];

/** The fenced blocks of a page in one language. */
export function blocksOf(page: string, language: string): Block[] {
  return [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code], index) => ({
    source: `${page}, ${language} block ${index + 1}`,
    code: code!,
  }));
}

/** TypeScript as a reader puts it together: a block that imports stands by itself, any other one follows `given`, the first that does. */
export function programsOf(page: string, given?: string): Block[] {
  const blocks = notebookPages.includes(page) ? [] : blocksOf(page, "ts");
  const before = given ?? blocks.find(({ code }) => code.startsWith("import "))?.code ?? "";
  return blocks.map((block) =>
    block.code.startsWith("import ") ? block : { ...block, code: `${before}${block.code}` },
  );
}
