import { execFileSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { posix } from "node:path";

/** A packed package. */
export interface Contents {
  /** Paths from the root of the package. */
  readonly files: readonly string[];
  /** Bytes once it is installed. */
  readonly size: number;
}

/** Lists what `npm pack` would put into the package. */
export function packedContents(root: string): Contents {
  const command = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1e8, shell: process.platform === "win32" } as const;
  const [packed] = JSON.parse(execFileSync("npm", command, { ...options, stdio: ["ignore", "pipe", "ignore"] }));
  return { files: packed.files.map(({ path }: { path: string }) => path), size: packed.unpackedSize };
}

/** Finds the relative links and images of a page that lead to nothing in the package. */
export function brokenLinks(page: string, text: string, files: readonly string[]): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|href|srcset)="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source!,
  );
  return links.filter((link) => {
    const path = link.split("#")[0]!;
    if (path === "" || /^[a-z]+:/i.test(path)) return false;
    const target = posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, "");
    return !files.some((file) => file === target || file.startsWith(`${target}/`));
  });
}

const literalModule = /\b(?:require\(|import\(|from\s*|import\s*)\s*(["'])([\w@.:/-]+)\1/g;

/** Finds the packages that a packed module names and that no install brings. */
export function missingPackages(text: string, installed: ReadonlySet<string>): readonly string[] {
  const named = [...text.matchAll(literalModule)].map(([, , name]) => name!);
  const packages = named
    .filter((name) => !name.startsWith(".") && !isBuiltin(name))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  return [...new Set(packages)].filter((name) => !installed.has(name));
}
