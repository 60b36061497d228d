// Refuses to publish before the owner has said where the package lives. Run by npm publish
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const missing = ["repository", "homepage", "bugs"].filter((field) => manifest[field] === undefined);
if (missing.length > 0) {
  process.stderr.write(`package.json lacks ${missing.join(", ")}; add them as contributing/release.md shows\n`);
  process.exitCode = 1;
}
