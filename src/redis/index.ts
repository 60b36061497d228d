export type { Reservation, Store } from "../resilience/store.js";
export { type RedisClient, type RedisStoreOptions, redisStore } from "./redis-store.js";
