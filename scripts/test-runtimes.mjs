// Tries the packed library in bundlers and runtimes, beside nothing but its required peers: npm run test:runtimes
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const runtimes = join(root, "test/runtimes");
const windows = process.platform === "win32";
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
const run = (cwd, command, ...args) => execFileSync(command, args, { cwd, stdio: "inherit", shell: windows });

run(root, "npm", "run", "build");
if (!process.argv.includes("--installed") || !existsSync(join(runtimes, "node_modules"))) {
  run(runtimes, "npm", "ci", ...quiet);
}
const app = mkdtempSync(join(tmpdir(), "beside-its-peers-")); // outside the repository, whose packages would be found from within
try {
  cpSync(join(runtimes, "app"), app, { recursive: true });
  run(app, "npm", "ci", ...quiet);
  run(root, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", app);
  const archive = readdirSync(app).find((name) => name.endsWith(".tgz"));
  run(app, "npm", "install", "--no-save", "--no-package-lock", ...quiet, `./${archive}`);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.runtimes.config.ts"];
  const env = { ...process.env, APP_FOLDER: app };
  process.exitCode = spawnSync(process.execPath, vitest, { cwd: root, stdio: "inherit", env }).status ?? 1;
} finally {
  rmSync(app, { recursive: true, force: true });
}
