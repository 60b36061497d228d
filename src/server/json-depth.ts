/** Deeper than any schema or conversation is, and not so deep that whoever walks through it runs out of stack. */
const most = 200;

/** True for JSON with more levels than those who read it after us, clients of providers for one, can take. */
export function isTooDeep(value: unknown, left: number = most): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}
