import type { Finding } from "./finding.js";

const least = [20, 19] as const;

/** Is Node new enough for this package? */
export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > least[0] || (major === least[0] && minor >= least[1]);
  if (enough) return { state: "ok", what: "Node", found: version };
  return { state: "problem", what: "Node", found: version, remedy: `install Node ${least.join(".")} or later` };
}
