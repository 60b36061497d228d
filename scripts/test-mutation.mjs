// Changes src/ in small ways, room by room, and reports what no test notices: npm run test:mutation -- routing text
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = "test/mutation";
const windows = process.platform === "win32";
const rooms = ["routing", "verification", "aggregation", "resilience", "text", "ledger"];

const given = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = given.filter((room) => !rooms.includes(room));
if (unknown.length > 0)
  throw new Error(`There is no room ${unknown.join()}; give some of ${rooms.join(" ")}, or nothing`);

if (!process.argv.includes("--installed") || !existsSync(`${root}${folder}/node_modules`)) {
  // without peers: a second Vitest beside that of the root would not find the tests of the first
  const quiet = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["ci", "--prefix", folder, ...quiet], { cwd: root, stdio: "inherit", shell: windows });
}
for (const room of given.length > 0 ? given : rooms) {
  const stryker = [
    `${folder}/node_modules/@stryker-mutator/core/bin/stryker.js`,
    "run",
    `${folder}/stryker.config.mjs`,
  ];
  const env = { ...process.env, MUTATION_ROOM: room };
  const { status } = spawnSync(process.execPath, stryker, { cwd: root, stdio: "inherit", env });
  if (status !== 0) process.exitCode = 1;
}
