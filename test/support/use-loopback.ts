import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type LoopbackServer, type LoopbackServerOptions, startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "./clients.js";

/** A loopback server, and the real clients that talk to it. */
export interface Loopback {
  /** The server of the test that runs. */
  readonly server: LoopbackServer;
  readonly openai: (model: string) => ReturnType<typeof providers.ChatOpenAI>;
  readonly gemini: (model: string) => ReturnType<typeof providers.ChatGoogleGenerativeAI>;
  readonly client: (provider: Provider, model: string) => BaseChatModel;
}

type Options = LoopbackServerOptions | (() => LoopbackServerOptions);

/**
 * Gives each test of a file, or of the `describe` around the call, a loopback server of its own. It is no fixture of `test.extend`:
 * functions of a file and the cases of `it.each` cannot read those.
 *
 * @param options a function where they name what is defined further down
 */
export function useLoopback(options?: Options): Loopback {
  return loopbackOf(options, beforeEach, afterEach);
}

/** Gives all tests of a file, or of the `describe` around the call, one loopback server together. */
export function useOneLoopback(options?: Options): Loopback {
  return loopbackOf(options, beforeAll, afterAll);
}

function loopbackOf(options: Options | undefined, before: typeof beforeEach, after: typeof afterEach): Loopback;
function loopbackOf(options: Options | undefined, before: typeof beforeAll, after: typeof afterAll): Loopback;
function loopbackOf(
  options: Options | undefined,
  before: (start: () => Promise<void>) => void,
  after: (stop: () => Promise<void>) => void,
): Loopback {
  let current: LoopbackServer | undefined;
  before(async () => {
    current = await startLoopbackServer(typeof options === "function" ? options() : options);
  });
  after(async () => {
    await current?.close();
  });
  const server = new Proxy({} as LoopbackServer, {
    get(_, key) {
      if (current === undefined) throw new Error("There is no loopback server yet: read it within a test or a hook");
      return Reflect.get(current, key);
    },
  });
  const client = (provider: Provider, model: string) => providers[provider](server, model);
  return {
    server,
    client,
    openai: (model) => providers.ChatOpenAI(server, model),
    gemini: (model) => providers.ChatGoogleGenerativeAI(server, model),
  };
}
