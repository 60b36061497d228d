// Kills runs at random points and resumes them, over SQLite and Postgres: npm run test:kill -- --kills 20 --seed 7
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const windows = process.platform === "win32";
const npm = (...args) => execFileSync("npm", args, { cwd: root, stdio: "inherit", shell: windows });
const given = process.argv.slice(2).filter((argument) => argument !== "--built");

if (!process.argv.includes("--built")) npm("run", "build");
if (!existsSync(`${root}test/kill/node_modules`)) {
  // with install scripts: better-sqlite3 loads its binary in one
  npm("ci", "--prefix", "test/kill", "--legacy-peer-deps", "--no-audit", "--no-fund");
}
const program = [`${root}node_modules/tsx/dist/cli.mjs`, "test/kill/main.ts", ...given];
process.exitCode = spawnSync(process.execPath, program, { cwd: root, stdio: "inherit" }).status ?? 1;
