import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Returns the nearest folder with a `package.json`, or the folder itself. */
export function projectOf(folder: string): string {
  for (let place = folder; ; place = dirname(place)) {
    if (existsSync(join(place, "package.json"))) return place;
    if (place === dirname(place)) return folder;
  }
}
