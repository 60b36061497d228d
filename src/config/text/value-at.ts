import type { Path } from "./read-document.js";

/** An object of a file. */
export type Data = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the value at a path, without reading prototypes. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inside, key) =>
      Object(inside) === inside && Object.hasOwn(inside as object, key)
        ? (inside as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );
