import { existsSync } from "node:fs";
import { UsageError } from "./exit-code.js";

const usual = ["models.yaml", "models.yml", "models.json"] as const;

/** Returns the usual configuration file of the current folder. */
export const usualConfig = (): string | undefined => usual.find((file) => existsSync(file));

/**
 * Returns the given configuration file, or the usual one of the current folder.
 *
 * @throws {UsageError} when neither exists
 */
export function findConfig(given: string | undefined): string {
  const found = given ?? usualConfig();
  if (found !== undefined) return found;
  throw new UsageError(
    [
      `there is no ${usual.slice(0, -1).join(", ")} or ${usual.at(-1)} in ${process.cwd()}`,
      "Run multimodel init, give --config FILE, or write a models.yaml:",
      "",
      "  models:",
      "    fast: { provider: openai, model: gpt-4o-mini }",
      "    strong: { provider: google-genai, model: gemini-2.5-pro }",
      "",
    ].join("\n"),
  );
}
