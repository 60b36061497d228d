// Runs command lines one after the other in this one process, so that what they load is loaded once. Each has arguments, a folder,
// an environment and a stdin of its own, writes to the real stdout and stderr, and has ended when nothing keeps a process alive.
import { register } from "node:module";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

register("./forgetful-secrets.mjs", import.meta.url);

const emitters = [process, process.stdout, process.stderr];
let runs = 0;

/** What keeps the process alive, by kind and number, apart from the timer that looks. */
const alive = () => process.getActiveResourcesInfo().sort().join(" ");

/** Takes off every listener that a command added. */
function listenersNow() {
  const before = emitters.map(
    (emitter) => new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)])),
  );
  return () => {
    emitters.forEach((emitter, index) => {
      for (const name of emitter.eventNames()) {
        for (const listener of emitter.rawListeners(name)) {
          if (!before[index].get(name)?.includes(listener)) emitter.off(name, listener);
        }
      }
    });
  };
}

/** Replaces the variables of the environment, those that are gone included. */
function setEnvironment(environment) {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

/** Forgets all known secrets, so that no command hides a secret only because one before it knew it. */
async function forgetSecrets(module) {
  if (module === undefined) return;
  const { forgetAll } = await import(module);
  forgetAll();
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

async function run({ entry, secrets, args, cwd, env, input, mark }) {
  await forgetSecrets(secrets);
  const restore = listenersNow();
  const before = await tick().then(alive);
  setEnvironment(env);
  process.chdir(cwd);
  process.argv = [process.execPath, entry, ...args];
  process.exitCode = undefined;
  const stdin = Object.assign(Readable.from(input === "" ? [] : [Buffer.from(input)]), { fd: 0 });
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  await import(`${pathToFileURL(entry).href}?run=${runs++}`);
  while ((await tick().then(alive)) !== before);
  const code = Number(process.exitCode ?? 0);
  restore();
  process.exitCode = undefined;
  process.chdir("/");
  for (const stream of [process.stdout, process.stderr]) await new Promise((written) => stream.write(mark, written));
  process.send({ mark, code });
}

process.on("message", run);
process.on("disconnect", () => process.exit());
