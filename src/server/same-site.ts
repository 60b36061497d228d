import { isIP } from "node:net";
import { errorReply } from "./request-error.js";
import { shapedError } from "./send-error.js";

/**
 * Refuses requests from pages of other sites when no key is required. Against DNS rebinding (a foreign name that resolves to this
 * machine, which makes browsers treat the page as same-site) only known names and IP addresses are accepted.
 *
 * @param bound the address the server listens on; unless that is loopback, any host name is accepted
 * @param allowed further host names of this server
 * @param path decides the shape of the refusal
 * @returns undefined when the request may pass
 */
export function refuseOtherSites(
  headers: Headers,
  bound: string,
  allowed: readonly string[] = [],
  path = "/",
): Response | undefined {
  const host = nameIn(`http://${headers.get("host")}`);
  const origin = headers.get("origin");
  const isOurs = (name: string | undefined) =>
    name !== undefined && (name === bound || isFixed(name) || allowed.includes(name));
  if (isThisMachine(bound) && !isOurs(host)) return refused(`under the name ${shown(host)}`, host, path);
  if (origin === null || !/^(https?:|null$)/.test(origin)) return undefined;
  const site = nameIn(origin);
  const isElsewhere = site !== undefined && isIP(site) !== 0 && site !== host && !isThisMachine(site); // a page may have an address only
  if (isOurs(site) && !(isElsewhere && isThisMachine(bound) && !allowed.includes(site!))) return undefined;
  return refused(`of pages of ${shown(site)}`, site, path);
}

function refused(what: string, name: string | undefined, path: string): Response {
  const allow =
    name === undefined ? "" : `allow the name (allowedHosts: ["${shown(name)}"], --allow-host ${shown(name)}), or `;
  const message = `Without a key this server accepts no requests ${what}. If they are yours, ${allow}give it keys (apiKeys, MULTIMODEL_API_KEYS).`;
  const reply = errorReply(403, message, { code: "forbidden_origin" });
  return Response.json(shapedError(path, reply), { status: reply.status });
}

const shown = (name = "of another site") => name.slice(0, 100);

/** Returns true for a loopback address. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/** Returns true for an IP address or a localhost name: DNS cannot redirect it. */
function isFixed(name: string): boolean {
  return isIP(name) !== 0 || /^(.*\.)?localhost$/.test(name);
}

function nameIn(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : undefined;
}
