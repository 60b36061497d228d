/** Parses JSON; returns `undefined` for invalid text. */
export function jsonOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
