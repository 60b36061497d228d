import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), text: readFileSync(join(src, file), "utf8") }));

/** Rooms from the ground up; a room may import its own floor and those below it. */
const floors: readonly (readonly string[])[] = [
  ["secrets", "text", "errors"],
  ["state", "ledger", "events"],
  ["langgraph", "resilience"],
  ["models"],
  ["tracing"],
  ["calls"],
  ["routing", "verification", "aggregation", "context"],
  ["nodes"],
  ["patterns"],
  ["chat-model", "batch", "explanation"],
  ["middleware"],
  ["drawing"],
  ["evaluation"],
  ["learned", "report"],
  ["deprecated.ts", "index.ts"],
  ["config"],
  ["redis"],
  ["queue"],
  ["server", "cli", "notebook"],
];
const standsAlone = ["testing"];

const roomOf = (file: string) => file.split("/")[0]!;
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));
/** Rooms around the library: they run graphs, as a user does. */
const isOuter = (file: string) => floorOf(roomOf(file)) > floorOf("index.ts");
const importsOf = (text: string) => [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, path]) => path!);
const localImports = ({ file, text }: (typeof files)[number]) =>
  importsOf(text)
    .filter((path) => path.startsWith("."))
    .map((path) => relative(src, resolve(src, dirname(file), path)).replace(/\.js$/, ".ts"));

describe("architecture", () => {
  it("has no file outside its rooms", () => {
    for (const { file } of files) expect([...floors.flat(), ...standsAlone]).toContain(roomOf(file));
  });

  it("imports downwards only", () => {
    const upwards = files
      .filter(({ file }) => !standsAlone.includes(roomOf(file)))
      .flatMap((each) => localImports(each).map((target) => [each.file, target] as const))
      .filter(([file, target]) => floorOf(roomOf(target)) < 0 || floorOf(roomOf(target)) > floorOf(roomOf(file)));
    expect(upwards).toEqual([]);
  });

  it("has no import cycle", () => {
    const graph = new Map(files.map((each) => [each.file, localImports(each)]));
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[], done: Set<string>) => {
      if (trail.includes(file)) cycles.push([...trail, file].join(" → "));
      if (done.has(file) || trail.includes(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...trail, file], done);
      done.add(file);
    };
    const done = new Set<string>();
    for (const { file } of files) visit(file, [], done);
    expect(cycles).toEqual([]);
  });

  it("keeps what stands alone alone", () => {
    const testing = files.filter(({ file }) => standsAlone.includes(roomOf(file)));
    for (const each of testing) for (const target of localImports(each)) expect(standsAlone).toContain(roomOf(target));
  });

  it("lets a strategy know messages, a node state, and only a pattern edges", () => {
    const strategies = files.filter(({ file }) => floorOf(roomOf(file)) === floorOf("routing"));
    for (const { file, text } of strategies)
      expect([file, importsOf(text).filter((path) => path.startsWith("@langchain/langgraph"))]).toEqual([file, []]);
    for (const { file, text } of files.filter(
      ({ file }) => !["patterns", "langgraph"].includes(roomOf(file)) && !isOuter(file),
    )) {
      const named = [...text.matchAll(/import (?:type )?\{([^}]*)\} from "@langchain\/langgraph"/g)].flatMap(
        ([, names]) => names!.split(","),
      );
      const edges = named.map((name) => name.trim()).filter((name) => ["StateGraph", "START", "END"].includes(name));
      expect([file, edges]).toEqual([file, []]);
    }
  });

  it("keeps the private keys of LangGraph and LangChain in one room", () => {
    const keys =
      /__pregel\w*|pregelTaskId|lg_is_pregel|\blc_\w+|\bls_\w+|\blanggraph_(?!multimodel\b|api\b)\w+|checkpoint_(?:ns|id|map)|AsyncLocalStorageProvider\w*|\binheritable[A-Z]\w+|\w*MessagesHandler\b|event_stream_tracer|langchain_tracer|__metadata__|__interrupt__|"(?:langsmith:)?nostream"/g;
    const found = files
      .filter(({ file }) => roomOf(file) !== "langgraph")
      .map(({ file, text }) => [file, [...new Set(text.match(keys))]] as const)
      .filter(([, names]) => names.length > 0);
    expect(Object.fromEntries(found)).toEqual({
      // public members that LangChain has its classes override
      "chat-model/chat-model.ts": ["lc_name", "lc_id", "lc_namespace"],
      // a public field of LangChain's errors; the ground floor imports no room above it
      "errors/safe-cause.ts": ["lc_error_code"],
    });
  });

  it("has no decision in a pattern file outside its checks", () => {
    for (const { file, text } of files.filter(({ file }) => /^patterns\/create-/.test(file))) {
      expect([file, /state\.|await |async /.test(text.replace(/\/\*\*[\s\S]*?\*\//g, ""))]).toEqual([file, false]);
    }
  });

  it("invokes models in one place, streamed by its helper, and as a chat model, in a batch or to evaluate it, the graph behind it", () => {
    const callers = files.filter(
      ({ file, text }) =>
        roomOf(file) !== "testing" &&
        !isOuter(file) &&
        /(?<!\bsuper)\.(invoke|stream|batch)\(/.test(text.replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, "")),
    );
    expect(callers.map(({ file }) => file).sort()).toEqual([
      "batch/run-item.ts",
      "calls/attempt-opaque.ts",
      "calls/attempt-pattern.ts",
      "calls/invoke-chat.ts",
      "chat-model/chat-model.ts",
      "evaluation/runs/target.ts",
      "langgraph/each-chunk.ts",
    ]);
    const askers = files.filter((each) =>
      localImports(each).some((path) => /^calls\/attempt-(chat|opaque|pattern)\.ts$/.test(path)),
    );
    expect(askers.map(({ file }) => file)).toEqual(["calls/chain.ts"]);
  });

  it("has small files with plain names and no escape from the types", () => {
    for (const { file, text } of files) {
      expect([file, text.split("\n").length <= 250]).toEqual([file, true]);
      expect(file).toMatch(/^([a-z]+(-[a-z]+)*\/)*[a-z]+(-[a-z]+)*\.ts$/);
      expect(file).not.toMatch(/(utils|helpers|types|common)\.ts$/);
      expect([file, /export default|export \*|@ts-ignore|@ts-nocheck|\bopts\b|\bcfg\b/.test(text)]).toEqual([
        file,
        false,
      ]);
    }
    const lengths = files.map(({ text }) => text.split("\n").length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
    const anys = files
      .filter(({ text }) => /(: any\b|as any\b|<any>)/.test(text))
      .map(({ file, text }) => [file, text.match(/(: any\b|as any\b|<any>)/g)!.length]);
    expect(anys).toEqual([["models/model.ts", 1]]);
  });

  it("documents every public function: sentence, when to use, example", () => {
    const index = files.find(({ file }) => file === "index.ts")!;
    const names = [...index.text.matchAll(/export \{([^}]*)\} from "\.\/([^"]+)\.js"/g)].flatMap(([, list, path]) =>
      list!
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => [name.split(" as ")[0]!, `${path}.ts`] as const),
    );
    expect(names.length).toBeGreaterThan(30);
    for (const [name, path] of names) {
      const { text } = files.find(({ file }) => file === path)!;
      const doc = new RegExp(
        `\\/\\*\\*((?:(?!\\*\\/)[\\s\\S])*)\\*\\/\\s*export (?:async )?(?:function|const|class|type|interface) ${name}\\b`,
      ).exec(text)?.[1];
      expect([name, doc === undefined]).toEqual([name, false]);
      if (/^[a-z]/.test(name)) expect([name, doc!.includes("@example")]).toEqual([name, true]);
      if (/^create/.test(name))
        for (const part of ["Topology:", "**When to use**", "**Gotchas**", "@returns", "@throws"])
          expect([name, doc!.includes(part)]).toEqual([name, true]);
    }
  });
});
