import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./port.js";

const installed = "/usr/lib/postgresql";
const versions = existsSync(installed) ? readdirSync(installed).sort((a, b) => Number(b) - Number(a)) : [];
const binaries = versions
  .map((version) => join(installed, version, "bin"))
  .find((bin) => existsSync(join(bin, "initdb")));
const isRoot = process.getuid?.() === 0;

/** Why there can be no Postgres here; `undefined` where there can. */
export const noPostgres = binaries === undefined ? `initdb is not in ${installed}/*/bin` : undefined;

/** A Postgres cluster of its own: empty, on a free port, without a password. */
export interface PostgresServer extends AsyncDisposable {
  /** `postgresql://postgres@127.0.0.1:…/postgres` */
  readonly url: string;
  /** Ends it at once; `url` is then refused. */
  stop(): Promise<void>;
}

/** Starts a real Postgres in a temporary folder; stop it, or declare it with `await using`. */
export async function startPostgres(): Promise<PostgresServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  chmodSync(folder, 0o777); // where root runs the tests, Postgres runs as another user
  const cluster = join(folder, "cluster");
  run("initdb", ["--pgdata", cluster, "--username", "postgres", "--auth", "trust", "--no-sync"]);
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`;
  run("pg_ctl", ["start", "--wait", "--pgdata", cluster, "--log", join(folder, "log"), "--options", settings]);
  let stopped = false;
  const stop = async () => {
    if (!stopped) run("pg_ctl", ["stop", "--wait", "--mode", "immediate", "--pgdata", cluster]);
    stopped = true;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, stop, [Symbol.asyncDispose]: stop };
}

/** Runs a program of Postgres, which refuses to be run by root. */
function run(program: string, options: readonly string[]): void {
  const command = [join(binaries!, program), ...options];
  const [file, ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
  execFileSync(file!, rest, { stdio: "ignore", cwd: tmpdir() });
}
