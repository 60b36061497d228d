import type { Path } from "../text/read-document.js";

/** A path of the translated data, and the path in the file it comes from. */
export type Origin = readonly [ours: Path, theirs: Path];

/** Makes a function that maps paths of the translated data to the file, through the nearest ancestor with an origin. */
export function originBy(origins: readonly Origin[]): (path: Path) => Path {
  const places = new Map(origins.map(([ours, theirs]) => [JSON.stringify(ours), theirs]));
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const place = places.get(JSON.stringify(path.slice(0, length)));
      if (place !== undefined) return [...place, ...path.slice(length)];
    }
    return path;
  };
}
