import type { Path } from "./read-document.js";

/** The value at a place of data; nothing of a prototype is one. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inside, key) =>
      Object(inside) === inside && Object.hasOwn(inside as object, key)
        ? (inside as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );
