// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
  place.file(
    "models.yaml",
    `models:
  pooled:
    provider: openai
    model: gpt-4o-mini
    baseUrl: ${place.server.openaiUrl}
    clients:
      - { apiKey: "\${POOL_KEY_ONE}" }
      - { apiKey: "\${POOL_KEY_TWO}" }
`,
  );
});
afterEach(() => place[Symbol.asyncDispose]());

const env = { POOL_KEY_ONE: "sk-pool-one-0123456789", POOL_KEY_TWO: "" };
const keyless = { POOL_KEY_ONE: "", POOL_KEY_TWO: "" };

describe("a pool of the file", () => {
  it("is a note of doctor where one client lacks its key, with its variables and one address", async () => {
    const { code, stdout } = await place.run(["doctor"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/note {5}models\.yaml:8: models\.pooled\.clients\[1\]\.apiKey: .*POOL_KEY_TWO is not set/);
    expect(stdout).toContain("ok       POOL_KEY_ONE: set, for pooled client 1 of 2");
    expect(stdout).toMatch(/reachable \(\d+[^)]*\), for pooled\n/);
    expect(stdout).not.toMatch(/cannot answer|sk-pool/);
  });

  it("cannot answer where no client has a key, says doctor", async () => {
    const { code, stdout } = await place.run(["doctor"], { env: keyless });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/problem {2}default pooled: cannot answer/)]);
  });

  it("is one row of models, with what a client lacks", async () => {
    const { stdout, stderr } = await place.run(["models"], { env });
    expect(stdout).toMatch(/^pooled +openai +gpt-4o-mini \(2 clients\) /m);
    expect(stderr).toContain("pooled client 2 of 2: the variable POOL_KEY_TWO is not set");
    const { stdout: json } = await place.run(["models", "--json"], { env });
    expect(JSON.parse(json)).toMatchObject([{ name: "pooled", clients: 2, unavailable: null }]);
    const lacking = await place.run(["models", "--json"], { env: keyless });
    expect(JSON.parse(lacking.stdout)[0].unavailable).toHaveLength(2);
  });

  it("answers with the clients that have a key", async () => {
    const { code, stdout } = await place.run(["chat", "--model", "pooled", "Hi"], { env });
    expect([code, stdout.trim()]).toEqual([0, expect.stringContaining("scripted")]);
    expect(place.server.requests).toHaveLength(1);
  });
});
