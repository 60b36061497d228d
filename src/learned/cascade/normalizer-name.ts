import { InvalidOptionError } from "../../errors/index.js";
import type { Normalize } from "../../text/normalizers/normalize.js";

/** Returns the name of a normalizer, by which a stored policy refuses another. */
export function normalizerName(normalize: Normalize, option: string): string {
  if (normalize.name !== "") return normalize.name;
  throw new InvalidOptionError(option, normalize, "give a function with a name, which the stored policy keeps");
}
