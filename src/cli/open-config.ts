import { type Config, loadConfig } from "../config/index.js";
import { findConfig } from "./find-config.js";
import { note } from "./show-answer.js";
import { plural } from "./terminal/outcome-note.js";

/** The configuration of a command that asks models; what of it is not used is said in a line. */
export async function openConfig(given: string | undefined): Promise<Config> {
  const config = await loadConfig(findConfig(given));
  noteWarnings(config);
  return config;
}

/** Says that a file was not understood in all its parts. */
export function noteWarnings({ file, warnings }: Config): void {
  if (warnings.length === 0) return;
  const verb = warnings.length === 1 ? "is" : "are";
  note(`${plural(warnings.length, "setting")} of ${file} ${verb} not used; multimodel doctor tells which.`);
}
