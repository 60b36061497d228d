import type { Path } from "../text/read-document.js";

/** A part of our data, and where in the file it comes from. */
export type Move = readonly [ours: Path, theirs: Path];

/** Finds the place in the file of a place in our data: that of the nearest part around it that was moved. */
export function placeBy(moves: readonly Move[]): (path: Path) => Path {
  const places = new Map(moves.map(([ours, theirs]) => [JSON.stringify(ours), theirs]));
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const place = places.get(JSON.stringify(path.slice(0, length)));
      if (place !== undefined) return [...place, ...path.slice(length)];
    }
    return path;
  };
}
