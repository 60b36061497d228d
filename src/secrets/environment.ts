export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the environment; empty in browsers and workers, and when Deno denies access. */
export function environment(): Variables {
  try {
    return { ...globalThis.process?.env };
  } catch {
    return {};
  }
}
