// Drives clients of their own package through the endpoint, each with its usual settings: npm run test:clients
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const clients = "test/clients";
const windows = process.platform === "win32";
const run = (command, args) => execFileSync(command, args, { cwd: root, stdio: "inherit", shell: windows });

run("npm", ["run", "build"]);
if (!process.argv.includes("--installed") || !existsSync(`${root}${clients}/node_modules`)) {
  run("npm", ["ci", "--prefix", clients, "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]);
}
// Mastra and promptfoo need a newer Node than this package
const [major] = process.versions.node.split(".").map(Number);
const [node, ...before] = major >= 24 ? [process.execPath] : ["npx", "-y", "node@24"];
const vitest = [...before, "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.clients.config.ts"];
process.exitCode = spawnSync(node, vitest, { cwd: root, stdio: "inherit", shell: windows }).status ?? 1;
