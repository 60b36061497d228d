import { spawnSync } from "node:child_process";

/** Tells on stderr every module that is loaded: ES modules as they come, those of `require` in the end. */
const hooks = `import { writeSync } from "node:fs";
export async function load(url, context, next) { writeSync(2, url + "\\n"); return next(url, context); }`;
const registering = `import { createRequire, register } from "node:module";
import { writeSync } from "node:fs";
register("data:text/javascript,${encodeURIComponent(hooks)}");
const { cache } = createRequire(process.cwd() + "/");
process.on("exit", () => { for (const file of Object.keys(cache)) writeSync(2, "file://" + file + "\\n"); });`;

/** Files a process of Node loads. */
export function loadedModules(args: readonly string[], cwd: string): string[] {
  const watched = ["--import", `data:text/javascript,${encodeURIComponent(registering)}`, ...args];
  const env = { PATH: process.env.PATH, HOME: cwd };
  const { status, stderr } = spawnSync(process.execPath, watched, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return [...new Set(stderr.split("\n").filter((url) => url.startsWith("file:")))];
}
