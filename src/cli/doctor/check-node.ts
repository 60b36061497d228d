import type { Finding } from "./finding.js";

const minimum = [20, 19] as const;

/** Checks the version of Node. */
export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  if (enough) return { state: "ok", what: "Node", found: version };
  return { state: "problem", what: "Node", found: version, remedy: `install Node ${minimum.join(".")} or later` };
}
