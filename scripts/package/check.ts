// Checks what is packed: links, sources behind the types, and what an install adds. Part of npm run package:check
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brokenLinks, missingPackages, packedContents } from "./contents.js";
import { dependencySizes, mostBytes } from "./install-size.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { files, size } = packedContents(root);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

const sizes = [["langgraph-multimodel", size] as const, ...dependencySizes(root)];
const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
process.stdout.write("An install adds, beside the peers of its user:\n");
for (const [name, bytes] of sizes) process.stdout.write(`${megabytes(bytes)}  ${name}\n`);
process.stdout.write(`${megabytes(total)}  in ${sizes.length} packages; ${megabytes(mostBytes).trim()} is the most\n`);

const problems = brokenLinks("README.md", readFileSync(join(root, "README.md"), "utf8"), files).map(
  (link) => `README.md links ${link}, which is not in the package: add it to "files" in package.json`,
);
const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const installed = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
for (const file of files.filter((each) => /^dist\/.*\.(?:js|d\.ts)$/.test(each))) {
  for (const missing of missingPackages(readFileSync(join(root, file), "utf8"), installed)) {
    problems.push(`${file} names ${missing}, which no install brings: make it a dependency or a peer`);
  }
}
if (total > mostBytes) problems.push("The install is too large: drop a dependency, or make it an optional peer");
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
