import { InvalidOptionError } from "../errors/index.js";

/** A client of `ioredis`, as far as the store calls it. */
export interface IoRedis {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, mode: "PX", ms: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, keys: number, ...parameters: string[]): Promise<unknown>;
  defineCommand(name: string, definition: object): void;
}

/** A client of `redis`, as far as the store calls it. */
export interface NodeRedis {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: { PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  readonly isOpen: boolean;
}

/** Commands of either client. */
export interface Commands {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  run(script: string, keys: string[], parameters: string[]): Promise<unknown>;
  /** True for a client of `redis`, which `rate-limiter-flexible` has to know. */
  readonly isNodeRedis: boolean;
}

/**
 * Returns the commands of a client.
 *
 * @throws {InvalidOptionError} when it is no client of `ioredis` or `redis`
 */
export function commandsOf(client: unknown): Commands {
  if (isIoRedis(client)) {
    return {
      get: (key) => client.get(key),
      set: (key, value, ttlMs) => client.set(key, value, "PX", ttlMs),
      del: (key) => client.del(key),
      run: (script, keys, parameters) => client.eval(script, keys.length, ...keys, ...parameters),
      isNodeRedis: false,
    };
  }
  if (isNodeRedis(client)) {
    return {
      get: (key) => client.get(key),
      set: (key, value, ttlMs) => client.set(key, value, { PX: ttlMs }),
      del: (key) => client.del(key),
      run: (script, keys, parameters) => client.eval(script, { keys, arguments: parameters }),
      isNodeRedis: true,
    };
  }
  throw new InvalidOptionError(
    "redisStore.client",
    client,
    "give a client: new Redis(url) of ioredis, or createClient({ url }) of redis",
  );
}

function isIoRedis(client: unknown): client is IoRedis {
  return typeof (client as Partial<IoRedis> | null)?.defineCommand === "function";
}

function isNodeRedis(client: unknown): client is NodeRedis {
  const { eval: run, isOpen } = (client ?? {}) as Partial<NodeRedis>;
  return typeof run === "function" && typeof isOpen === "boolean";
}
