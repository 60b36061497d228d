import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { main } from "../cli/command.js";
import { type CommandLine, createCommandHost } from "./hosted-command.js";

const folder = mkdtempSync(join(tmpdir(), "hosted-"));
afterAll(() => rmSync(folder, { recursive: true }));

const host = createCommandHost();
const secrets = new URL("../secrets/known-secrets.js", pathToFileURL(main)).href;
let written = 0;

type More = Partial<Omit<CommandLine, "entry">>;

function run(code: string, more: More = {}) {
  const entry = join(folder, `entry-${written++}.mjs`);
  writeFileSync(entry, code);
  return host.run({ entry, secrets, args: [], env: {}, cwd: folder, ...more });
}

describe("createCommandHost", () => {
  it("gives each command its own arguments, folder, environment, stdin and exit code", async () => {
    const code = `
      let input = "";
      for await (const chunk of process.stdin) input += chunk;
      console.log(JSON.stringify([process.argv.slice(2), process.cwd(), { ...process.env }, input, process.exitCode ?? null]));
      console.error(process.pid);
      process.exitCode = Number(process.argv[2]);`;
    const first = await run(code, { args: ["3", "-x"], env: { A: "1", B: "2" }, input: "piped" });
    const second = await run(code, { args: ["0"], env: { A: "3" } });
    expect([first.code, second.code]).toEqual([3, 0]);
    expect(JSON.parse(first.stdout)).toEqual([["3", "-x"], folder, { A: "1", B: "2" }, "piped", null]);
    expect(JSON.parse(second.stdout)).toEqual([["0"], folder, { A: "3" }, "", null]);
    expect(second.stderr).toBe(first.stderr); // one process ran both
  });

  it("hands on stdout piece by piece", async () => {
    const pieces: string[] = [];
    const { stdout } = await run('process.stdout.write("one "); process.stdout.write("two");', {
      onStdout: (piece) => pieces.push(piece),
    });
    expect([pieces.join(""), stdout]).toEqual(["one two", "one two"]);
    expect(pieces).not.toContain(""); // what marks the end is no piece
  });

  it("ends a command when nothing keeps a process alive, and takes its listeners off", async () => {
    const count = 'console.log(process.listenerCount("SIGINT"), process.stdout.listenerCount("error"));';
    const before = await run(count);
    const listen = 'process.on("SIGINT", () => {}); process.stdout.on("error", () => {});';
    const late = await run(`${listen} setTimeout(() => { console.log("late"); process.exitCode = 4; }, 20);`);
    expect(late).toEqual({ code: 4, stdout: "late\n", stderr: "" });
    expect(before.stdout).toMatch(/^0 \d\n$/);
    expect(await run(count)).toEqual(before);
  });

  it("passes on how a command ended its process, and what Node wrote of it, and goes on with the next", async () => {
    expect(await run('process.stdout.write("so far"); process.exit(5);')).toEqual({
      code: 5,
      stdout: "so far",
      stderr: "",
    });
    const failed = await run('setTimeout(() => { throw new Error("uncaught") }, 1);');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/Error: uncaught\n\s+at /)]);
    const rejected = await run('throw new Error("while it loads");');
    expect([rejected.code, rejected.stderr]).toEqual([1, expect.stringMatching(/Error: while it loads\n\s+at /)]);
    const warned = await run('process.emitWarning("careful");');
    expect([warned.code, warned.stderr]).toEqual([0, expect.stringContaining("Warning: careful")]);
  });

  it("lets no command profit from the secrets another knew", async () => {
    const { href } = new URL("../secrets/known-secrets.js", pathToFileURL(main));
    const load = `const { rememberSecret, maskKnown } = await import(${JSON.stringify(href)});`;
    const show = 'console.log(maskKnown("a plain word of secrecy"));';
    expect((await run(`${load} rememberSecret("plain word of secrecy"); ${show}`)).stdout).toBe("a [redacted]\n");
    expect((await run(`${load} ${show}`)).stdout).toBe("a plain word of secrecy\n");
  });
});
