import { expect, it } from "vitest";
import { loadedModules } from "../../bench/loaded-modules.js";
import { main, openPlace } from "./command.js";

it.each([["--help"], ["--version"], ["run --help"], ["help chat"]])(
  "multimodel %s loads no package but commander",
  async (args) => {
    await using place = await openPlace();
    const packages = loadedModules([main, ...args.split(" ")], place.folder).filter((url) =>
      url.includes("/node_modules/"),
    );
    expect(packages.length).toBeGreaterThan(0);
    expect(packages.filter((url) => !url.includes("/node_modules/commander/"))).toEqual([]);
  },
);
