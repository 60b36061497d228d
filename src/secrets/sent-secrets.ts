import type { AsyncLocalStorage } from "node:async_hooks";
import type { subscribe } from "node:diagnostics_channel";
import { rememberSecret, secretsFoundBy } from "./known-secrets.js";
import { rememberAddress, rememberSent } from "./remember-secrets.js";

/** Remembers the secrets of a request before it is sent: a reply may repeat them, and a key from a function is known only now. */
export function rememberRequest(url: string, headers: Iterable<readonly [string, string]>): void {
  for (const [name, value] of headers) rememberAgain(`${name}: ${value}`, () => rememberSent(name, value));
  rememberAgain(url, () => rememberAddress(url));
}

/** Secrets by recent header or address: a client sends the same ones with every request. */
const recent = new Map<string, ReadonlySet<string>>();
const maxRecent = 1_000;

/** Remembers the secrets of a text, searched for only the first time. */
function rememberAgain(text: string, search: () => void): void {
  const found = recent.get(text);
  if (found !== undefined) {
    for (const secret of found) rememberSecret(secret);
    return;
  }
  if (recent.size >= maxRecent) recent.clear();
  recent.set(text, secretsFoundBy(search));
}

interface Hooks {
  readonly AsyncLocalStorage: typeof AsyncLocalStorage;
}
interface Channels {
  readonly subscribe: typeof subscribe;
}

/** Returns a Node module without an import; undefined in browsers and plain workers, where requests are not observed. */
function builtin<Module>(name: string): Module | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as Module | undefined;
}

/** Set while this library works, so that other requests of the process are ignored. */
let watching: AsyncLocalStorage<true> | undefined;
let subscribed = false;

function watch(): void {
  const hooks = builtin<Hooks>("node:async_hooks");
  const channels = builtin<Channels>("node:diagnostics_channel");
  if (hooks === undefined || channels?.subscribe === undefined) return;
  watching = new hooks.AsyncLocalStorage();
  channels.subscribe("undici:request:create", (sent) => learn(() => rememberUndici(sent as Undici)));
  channels.subscribe("http.client.request.start", (sent) => learn(() => rememberHttp(sent as Http)));
}

/**
 * Runs work and remembers the secrets of every request it sends, with any client that ends in Node's or undici's `fetch` or in
 * `node:http`.
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
  } catch {} // a request of an unexpected shape must still be sent
}

interface Undici {
  readonly request: { readonly origin: unknown; readonly path: string; readonly headers: readonly unknown[] | string };
}

/** Reads headers of undici: alternating names and values, or one string up to version 5. */
function rememberUndici({ request: { origin, path, headers } }: Undici): void {
  const flat =
    typeof headers === "string" ? headers.split("\r\n").flatMap((line) => line.split(/: (.*)/s, 2)) : headers;
  const pairs: [string, string][] = [];
  for (let place = 0; place < flat.length; place += 2) pairs.push([String(flat[place]), String(flat[place + 1])]);
  rememberRequest(String(new URL(path, String(origin))), pairs);
}

interface Http {
  readonly request: {
    readonly protocol: string;
    readonly host: string;
    readonly path: string;
    getHeaders(): Readonly<Record<string, unknown>>;
  };
}

function rememberHttp({ request }: Http): void {
  const pairs = Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)] as const);
  rememberRequest(`${request.protocol}//${request.host}${request.path}`, pairs);
}
