import { type Config, type LoadOptions, loadConfig } from "../config/index.js";
import { unavailability } from "../models/unavailable-model.js";
import { findConfig } from "./find-config.js";
import { note } from "./show-answer.js";
import { plural } from "./terminal/outcome-note.js";

/** Loads the configuration of a command, and notes how many settings are ignored. */
export async function openConfig(given: string | undefined, options: LoadOptions = {}): Promise<Config> {
  const config = await loadConfig(findConfig(given), options);
  noteWarnings(config);
  return config;
}

/** Notes each model that cannot be called here. */
export function noteUnavailable({ models }: Config): void {
  for (const entry of Object.values(models)) {
    const reason = unavailability(entry);
    if (reason !== undefined) note(reason.message);
  }
}

/** Notes how many settings of a file are ignored. */
export function noteWarnings({ file, warnings }: Config): void {
  if (warnings.length === 0) return;
  const verb = warnings.length === 1 ? "is" : "are";
  note(`${plural(warnings.length, "setting")} of ${file} ${verb} not used; multimodel doctor lists them.`);
}
