import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidOptionError } from "../../errors/index.js";

/**
 * Reads the policy of a trained cascade.
 *
 * @param folder folder of the file that names it
 * @throws {InvalidOptionError} when it is missing, or is no JSON
 */
export function readPolicy(file: string, folder: string): unknown {
  const refuse = (why: string) =>
    new InvalidOptionError("loadCascade.trained", file, `${why}; write it with multimodel train`);
  let text: string;
  try {
    text = readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    throw refuse(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("it is no JSON");
  }
}
