import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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

it("multimodel models loads no LangGraph for a file with graphs", async () => {
  await using place = await openPlace();
  const file = `models:
  fast: { provider: openai, model: gpt-4o-mini }
graphs:
  smart: { pattern: router, models: [fast], route: latencyOptimized, verify: agreement }
`;
  await writeFile(join(place.folder, "models.yaml"), file);
  const modules = loadedModules([main, "models"], place.folder);
  expect(modules.some((url) => url.includes("/node_modules/@langchain/openai/"))).toBe(true);
  expect(modules.filter((url) => url.includes("/node_modules/@langchain/langgraph"))).toEqual([]);
});
