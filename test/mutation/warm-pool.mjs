import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ThreadsPoolWorker } from "vitest/node";

/** Runs of one thread before another takes its place, so that what mutants leave behind does not add up. */
const runsPerThread = 100;

/** The thread that outlives a run, with the modules it has loaded. */
let warm;

/**
 * Keeps one thread for many runs. Vitest starts a thread for each, and it takes seconds to load LangChain again for each of
 * thousands of mutants.
 */
class WarmPoolWorker {
  name = "warm";
  #options;
  #thread;
  #listeners = [];
  #config;

  constructor(options) {
    this.#options = options;
  }

  async start() {
    if (warm?.broken || warm?.runs >= runsPerThread) {
      const spent = warm;
      warm = undefined;
      await spent.thread.stop();
    }
    warm ??= await startThread(this.#options);
    this.#thread = warm.thread;
  }

  send(message) {
    if (message.type === "start" && warm.runs > 0) {
      this.#config = message.context.config; // the thread takes it with the run
      this.#answer("started");
    } else if (message.type === "stop") {
      this.#answer("stopped");
    } else if (message.type === "run") {
      warm.runs += 1;
      this.#thread.send({ ...message, context: this.#contextOf(message.context) });
    } else {
      this.#thread.send(message);
    }
  }

  async stop() {
    for (const [event, callback] of this.#listeners) this.#thread.off(event, callback);
    this.#listeners = [];
  }

  on(event, callback) {
    this.#listeners.push([event, callback]);
    this.#thread.on(event, callback);
  }

  off(event, callback) {
    this.#thread.off(event, callback);
  }

  deserialize(message) {
    return message;
  }

  /** Loads our modules anew for a mutant in code that runs as they load, and after such a mutant. */
  #contextOf(context) {
    const isStatic = context.providedContext.mutantActivation === "static";
    const invalidates = isStatic || warm.isStale ? ownModules() : context.invalidates;
    warm.isStale = isStatic;
    return { ...context, invalidates, ...(this.#config && { config: this.#config }) };
  }

  #answer(type) {
    const listeners = this.#listeners.filter(([event]) => event === "message");
    queueMicrotask(() => {
      for (const [, listener] of listeners) listener({ __vitest_worker_response__: true, type });
    });
  }
}

async function startThread(options) {
  const thread = new ThreadsPoolWorker(options);
  await thread.start();
  const started = { thread, runs: 0, broken: false, isStale: false };
  const breaks = () => {
    started.broken = true;
  };
  thread.on("error", breaks);
  thread.on("exit", breaks);
  return started;
}

const ownModules = () =>
  ["src", "test"].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => resolve(join(folder, file))),
  );

/** A plugin that puts the warm pool in the place of the threads that Stryker demands of Vitest. */
export const warmPool = () => ({
  name: "warm-pool",
  configureVitest({ project }) {
    if (process.env.STRYKER_MUTATOR_WORKER === undefined) return;
    project.config.pool = "warm";
    project.config.poolRunner = { name: "warm", createPoolWorker: (options) => new WarmPoolWorker(options) };
  },
});
