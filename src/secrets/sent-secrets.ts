import type { AsyncLocalStorage } from "node:async_hooks";
import type { subscribe } from "node:diagnostics_channel";
import { keepAddress, keepSent } from "./keep-secrets.js";

/** Keeps the secrets of a request that is about to be sent; a reply may repeat them, and only now is known what a function gave as key. */
export function keepRequest(url: string, headers: Iterable<readonly [string, string]>): void {
  for (const [name, value] of headers) keepSent(name, value);
  keepAddress(url);
}

interface Hooks {
  readonly AsyncLocalStorage: typeof AsyncLocalStorage;
}
interface Channels {
  readonly subscribe: typeof subscribe;
}

/** Returns a module of Node without importing it; a browser or a plain worker has none, and sends its requests unwatched. */
function builtin<Module>(name: string): Module | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as Module | undefined;
}

/** Set while work of this library is done: requests of the rest of the process are not looked at. */
let watching: AsyncLocalStorage<true> | undefined;
let subscribed = false;

function watch(): void {
  const hooks = builtin<Hooks>("node:async_hooks");
  const channels = builtin<Channels>("node:diagnostics_channel");
  if (hooks === undefined || channels?.subscribe === undefined) return;
  watching = new hooks.AsyncLocalStorage();
  channels.subscribe("undici:request:create", (sent) => learn(() => keepUndici(sent as Undici)));
  channels.subscribe("http.client.request.start", (sent) => learn(() => keepHttp(sent as Http)));
}

/**
 * Does some work, and keeps the secrets of every request it sends, whichever client sends it: that of a `fetch` of one's own too, as long as
 * it ends in Node's (or undici's) `fetch` or in `node:http`.
 */
export function watchingRequests<Result>(work: () => Result): Result {
  if (!subscribed) {
    subscribed = true;
    watch();
  }
  return watching === undefined ? work() : watching.run(true, work);
}

function learn(keep: () => void): void {
  if (watching?.getStore() === undefined) return;
  try {
    keep();
  } catch {} // a request of another shape must go out all the same
}

interface Undici {
  readonly request: { readonly origin: unknown; readonly path: string; readonly headers: readonly unknown[] | string };
}

/** Reads headers as undici has them: names and values in turn, or (up to version 5) one text. */
function keepUndici({ request: { origin, path, headers } }: Undici): void {
  const flat =
    typeof headers === "string" ? headers.split("\r\n").flatMap((line) => line.split(/: (.*)/s, 2)) : headers;
  const pairs = flat.flatMap((name, place) =>
    place % 2 === 0 ? [[String(name), String(flat[place + 1])] as const] : [],
  );
  keepRequest(String(new URL(path, String(origin))), pairs);
}

interface Http {
  readonly request: {
    readonly protocol: string;
    readonly host: string;
    readonly path: string;
    getHeaders(): Readonly<Record<string, unknown>>;
  };
}

function keepHttp({ request }: Http): void {
  const pairs = Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)] as const);
  keepRequest(`${request.protocol}//${request.host}${request.path}`, pairs);
}
