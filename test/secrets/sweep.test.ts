import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEchoServer } from "./support/echo-server.js";
import { type Place, placesOver, plantAll } from "./support/places.js";
import { shownIn } from "./support/planted.js";
import { thrown, waysOut } from "./support/ways-out.js";

vi.setConfig({ testTimeout: 600_000 });

let server: Awaited<ReturnType<typeof startEchoServer>>;
let places: readonly Place[];

beforeAll(async () => {
  server = await startEchoServer();
  places = await plantAll(server.url);
});
afterAll(() => server.close());

describe("a secret", () => {
  it.each(Object.keys(placesOver("http://none")))("does not get out: %s", async (name) => {
    const { model, secrets, unmarked, refused } = places.find((place) => place.name === name)!;
    expect(secrets.length).toBeGreaterThan(0);
    if (refused !== undefined) return expect(shownIn(thrown(refused), secrets)).toEqual([]);
    for (const [way, out] of Object.entries(waysOut)) {
      if (unmarked && (way === "the state, as user code" || way.includes("chat model over a graph of a user")))
        continue;
      const text = await Promise.resolve(model).then(out).catch(thrown);
      expect(text.length, way).toBeGreaterThan(20);
      expect({ way, shown: shownIn(text, secrets) }).toEqual({ way, shown: [] });
    }
  });
});
