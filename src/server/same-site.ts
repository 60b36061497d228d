import { isIP } from "node:net";
import { errorReply } from "./request-error.js";

const refusal = errorReply(403, "Without a key this server takes no requests of pages of other sites", {
  code: "forbidden_origin",
});

/**
 * Refuses what a page of another site sends, where nobody needs a key: a name of its own that leads to this address makes the page of
 * one site with this server (DNS rebinding), so that no browser asks before. An address in place of a name cannot be led elsewhere.
 *
 * @param bound what the server listens on; from other machines than this one it may be called by any name
 * @returns nothing where the request may pass
 */
export function refuseOtherSites(headers: Headers, bound: string): Response | undefined {
  const origin = headers.get("origin");
  const isOurs = (name: string | undefined) => name !== undefined && (name === bound || isFixed(name));
  const named = !isThisMachine(bound) || isOurs(nameIn(`http://${headers.get("host")}`));
  const asked = origin === null || !/^(https?:|null$)/.test(origin) || isOurs(nameIn(origin));
  return named && asked ? undefined : Response.json(refusal.body, { status: refusal.status });
}

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
