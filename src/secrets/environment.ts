/** Variables by their name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the environment of the process; a browser or a worker has none, and Deno may refuse it. */
export function environment(): Variables {
  try {
    return { ...globalThis.process?.env };
  } catch {
    return {};
  }
}
