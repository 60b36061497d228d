import { checkKeys } from "../errors/check-keys.js";
import { MissingPackageError } from "../errors/index.js";
import type { Reservation, Store } from "../resilience/store.js";
import { commandsOf, type IoRedis, type NodeRedis } from "./commands.js";
import { beginScript, renewScript, reserveScript, settleScript, usedScript } from "./scripts.js";

/** A connected client of `ioredis` or `redis`. */
export type RedisClient = IoRedis | NodeRedis;

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** Put before every key. @default "" */
  readonly prefix?: string;
  /** Milliseconds a call waits for Redis before it goes on without. @default 50 */
  readonly patienceMs?: number;
}

/** Counter of `rate-limiter-flexible`, as far as the store calls it. */
interface Limiter {
  consume(key: string, points: number): Promise<{ readonly msBeforeNext: number }>;
  reward(key: string, points: number): Promise<unknown>;
}

/**
 * Shares breakers, limits, budgets and caches between processes, in a Redis.
 *
 * **When to use** - as `store` of `budget`, `breaker`, `limit`, `exactCache` and `semanticCache`, when more than one process serves.
 *
 * **Gotchas** - you open and close the client. While Redis cannot be reached, or takes longer than `patienceMs`, breakers, limits and caches go on
 * in each process by itself, and a budget refuses or goes on with its `share`. Counters of `limit` need `rate-limiter-flexible`. Redis 5 or
 * newer, which should keep its data (`appendonly yes`): one that starts empty has forgotten what was spent. The keys of one window share a
 * hash slot, so a cluster works.
 *
 * @param client a client of `ioredis` or `redis`
 * @example
 * ```ts
 * import Redis from "ioredis";
 * import { redisStore } from "langgraph-multimodel/redis";
 *
 * const store = redisStore(new Redis("redis://127.0.0.1:6379", { lazyConnect: true }));
 * const daily = budget({ usd: 20, per: "day", name: "all", store });
 * ```
 * @throws {InvalidOptionError} when `client` is not a client of `ioredis` or `redis`
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  checkKeys(options, "redisStore", ["prefix", "patienceMs"]);
  const { prefix = "", patienceMs } = options;
  const commands = commandsOf(client);
  const limiters = new Map<string, Promise<Limiter>>();
  const limiterOf = (limit: number, windowMs: number) => {
    const key = `${limit} ${windowMs}`;
    const limiter = limiters.get(key) ?? makeLimiter(client, commands.isNodeRedis, { prefix, limit, windowMs });
    limiters.set(key, limiter);
    return limiter;
  };
  const windowKeys = (key: string) => ["total", "amounts", "leases"].map((part) => `${prefix}{${key}}:${part}`);
  return {
    name: "redis",
    ...(patienceMs !== undefined && { patienceMs }),
    get: async (key) => (await commands.get(prefix + key)) ?? undefined,
    set: async (key, value, ttlMs) => {
      await commands.set(prefix + key, value, Math.max(1, Math.round(ttlMs)));
    },
    delete: async (key) => {
      await commands.del(prefix + key);
    },
    consume: async (key, amount, limit, windowMs) => {
      const limiter = await limiterOf(limit, windowMs);
      try {
        const { msBeforeNext } = await limiter.consume(key, amount);
        return { granted: true, msLeft: msBeforeNext };
      } catch (refused) {
        if (refused instanceof Error) throw refused;
        await limiter.reward(key, amount); // it counts what it refuses, which would refuse smaller amounts too
        return { granted: false, msLeft: (refused as { readonly msBeforeNext: number }).msBeforeNext };
      }
    },
    reserve: async ({ id, key, amount, limit, leaseMs, windowMs }: Reservation) => {
      const parameters = [id, ...[amount, limit, leaseMs, windowMs].map(whole)];
      const [granted, used] = (await commands.run(reserveScript, windowKeys(key), parameters)) as [number, string];
      return { granted: granted === 1, used: Number(used) };
    },
    begin: async ({ id, key }) => (await commands.run(beginScript, windowKeys(key), [id])) === 1,
    renew: async ({ id, key, leaseMs, windowMs }) => {
      await commands.run(renewScript, windowKeys(key), [id, whole(leaseMs), whole(windowMs)]);
    },
    settle: async ({ id, key, windowMs }, amount) => {
      await commands.run(settleScript, windowKeys(key), [id, whole(amount), whole(windowMs)]);
    },
    used: async (key) => Number(await commands.run(usedScript, windowKeys(key), [])),
  };
}

const whole = (number: number) => Math.round(number).toFixed(0);

interface Window {
  readonly prefix: string;
  readonly limit: number;
  readonly windowMs: number;
}

async function makeLimiter(client: unknown, useRedisPackage: boolean, window: Window): Promise<Limiter> {
  const { RateLimiterRedis } = await load();
  const { prefix, limit, windowMs } = window;
  const fields = { storeClient: client, points: limit, duration: windowMs / 1_000, keyPrefix: `${prefix}limit` };
  return new RateLimiterRedis({ ...fields, useRedisPackage }) as unknown as Limiter;
}

async function load() {
  try {
    return await import("rate-limiter-flexible");
  } catch (error) {
    throw new MissingPackageError("`limit` over several processes", ["rate-limiter-flexible"], error);
  }
}
