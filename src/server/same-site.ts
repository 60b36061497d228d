import { isIP } from "node:net";
import { errorReply } from "./request-error.js";

/**
 * Refuses what a page of another site sends, where nobody needs a key: a name of its own that leads to this address makes the page of
 * one site with this server (DNS rebinding), so that no browser asks before. An address in place of a name cannot be led elsewhere.
 *
 * @param bound what the server listens on; from other machines than this one it may be called by any name
 * @param allowed further names that lead here
 * @returns nothing where the request may pass
 */
export function refuseOtherSites(
  headers: Headers,
  bound: string,
  allowed: readonly string[] = [],
): Response | undefined {
  const host = nameIn(`http://${headers.get("host")}`);
  const origin = headers.get("origin");
  const isOurs = (name: string | undefined) =>
    name !== undefined && (name === bound || isFixed(name) || allowed.includes(name));
  if (isThisMachine(bound) && !isOurs(host)) return refused(`under the name ${shown(host)}`, host);
  if (origin === null || !/^(https?:|null$)/.test(origin) || isOurs(nameIn(origin))) return undefined;
  return refused(`of pages of ${shown(nameIn(origin))}`, nameIn(origin));
}

/** @param name a name that may be allowed, where there is one */
function refused(what: string, name: string | undefined): Response {
  const allow =
    name === undefined ? "" : `allow the name (allowedHosts: ["${shown(name)}"], --allow-host ${shown(name)}), or `;
  const message = `Without a key this server takes no requests ${what}. If they are yours, ${allow}give it keys (apiKeys, MULTIMODEL_API_KEYS).`;
  const { body, status } = errorReply(403, message, { code: "forbidden_origin" });
  return Response.json(body, { status });
}

/** Characters of a name that are shown. */
const shown = (name = "of another site") => name.slice(0, 100);

/** True for an address that is this machine and no other. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/** True for a name that leads where it says. */
function isFixed(name: string): boolean {
  return isIP(name) !== 0 || /^(.*\.)?localhost$/.test(name);
}

function nameIn(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : undefined;
}
