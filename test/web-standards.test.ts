import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));
const codeOf = (file: string) => readFileSync(join(src, file), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");

/** Every file an entry loads, with the modules it imports at run time. */
function loadedBy(entry: string): Map<string, readonly string[]> {
  const loaded = new Map<string, readonly string[]>();
  const visit = (file: string) => {
    if (loaded.has(file)) return;
    const modules = runtimeImports(codeOf(file));
    loaded.set(file, modules);
    for (const path of modules) if (path.startsWith(".")) visit(sourceOf(file, path));
  };
  visit(entry);
  return loaded;
}

function sourceOf(file: string, path: string): string {
  return normalize(join(dirname(file), path))
    .replaceAll("\\", "/")
    .replace(/\.js$/, ".ts");
}

/** `import … from`, `export … from`, `import "…"`, `import("…")` and `require("…")`, without those of types alone. */
function runtimeImports(code: string): readonly string[] {
  const statements = [
    ...code.matchAll(/^(?:import|export)\b(?!\s+type\b)(?:[\w\s{},*]*?\bfrom)?\s*["']([^"'\n]+)["']/gm),
  ];
  const calls = [...code.matchAll(/\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g)];
  return [...statements, ...calls].map(([, path]) => path!);
}

const isNodeModule = (path: string) => path.startsWith("node:") || builtinModules.includes(path);

describe("the main entry", () => {
  const loaded = [...loadedBy("index.ts")];
  const foreign = (isFound: (path: string) => boolean) =>
    loaded.flatMap(([file, paths]) => paths.filter(isFound).map((path) => [file, path]));

  it("is walked whole", () => {
    expect(loaded.length).toBeGreaterThan(150);
    expect(loaded.map(([file]) => file)).toContain("calls/invoke-chat.ts");
  });

  it("imports no module of Node", () => {
    expect(foreign(isNodeModule)).toEqual([]);
  });

  it("imports nothing that a user may lack: required peers and dependencies only", () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(src, "../package.json"), "utf8"),
    );
    const optional = Object.keys(peerDependenciesMeta);
    const there = [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter(
      (name) => !optional.includes(name),
    );
    expect(
      foreign((path) => !path.startsWith(".") && !there.some((name) => `${path}/`.startsWith(`${name}/`))),
    ).toEqual([]);
  });

  it("uses no global that only Node has, and `process` only where it may be missing", () => {
    const nodeOnly =
      /(?<![\w.])(?:Buffer|setImmediate|clearImmediate|__dirname|__filename|global|require|process)\b(?!:)/;
    const uses = loaded
      .map(([file]) => [
        file,
        nodeOnly.exec(codeOf(file).replace(/"[^"\n]*"|'[^'\n]*'|\/(?![/*])[^/\n]+\/[a-z]*/g, ""))?.[0],
      ])
      .filter(([, found]) => found !== undefined);
    expect(uses).toEqual([]);
  });
});

describe("the walk of imports", () => {
  it("sees what is loaded, and not what is only a type", () => {
    const code = [
      'import { a } from "node:fs";',
      'import type { B } from "node:net";',
      'import {\n  c,\n  type D,\n} from "./c.js";',
      'export { e } from "node:os";',
      'import "node:tty";',
      'const { f } = await import("node:v8");',
      'const g = require("node:vm");',
    ].join("\n");
    expect(runtimeImports(code)).toEqual(["node:fs", "./c.js", "node:os", "node:tty", "node:v8", "node:vm"]);
  });
});
