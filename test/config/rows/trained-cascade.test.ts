import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/index.js";
import { createCascade, normalizeNumber } from "../../../src/index.js";
import { loadCascade, trainCascade } from "../../../src/learned/index.js";
import { syntheticRecordings } from "../../learned/cascade/synthetic.js";
import { saying, shapeOf } from "../../support/fakes.js";

let folder: string;
let policy: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "multimodel-"));
  const trained = await trainCascade(syntheticRecordings(60), {
    against: "large",
    normalize: normalizeNumber,
    score: (text, expected) => text === String(expected),
    target: { costShare: 0.5 },
  });
  policy = JSON.stringify(trained);
  writeFileSync(join(folder, "policy.json"), policy);
});
afterAll(() => rmSync(folder, { recursive: true }));

const models = ["tiny", "small", "large"];
const load = (verify: string) => {
  const file = join(folder, "models.yaml");
  const entries = models.map((name) => `  ${name}: { provider: ollama, model: llama3.1 }`).join("\n");
  writeFileSync(
    file,
    `models:\n${entries}\ngraphs: { it: { pattern: cascade, models: [${models}], verify: ${verify} } }`,
  );
  return loadConfig(file, { env: {} });
};

describe("a trained cascade in a file", () => {
  it("is the graph that loadCascade makes, from a policy beside the file", async () => {
    const { graphs } = await load("{ trained: policy.json, normalize: number }");
    const verify = loadCascade(policy, { normalize: normalizeNumber });
    const own = createCascade({ models: { tiny: saying("1"), small: saying("1"), large: saying("1") }, verify });
    expect(await shapeOf(graphs.it!)).toEqual(await shapeOf(own));
  });

  it.each([
    ["{ trained: none.json, normalize: number }", /graphs\.it\.verify\.trained.*ENOENT.*multimodel train/],
    ["{ trained: models.yaml, normalize: number }", /graphs\.it\.verify\.trained.*no JSON/],
    ["{ trained: policy.json, normalize: text }", /graphs\.it\.verify\.normalize.*trained with normalizeNumber/],
    ["{ trained: policy.json }", /graphs\.it\.verify\.normalize/],
  ])("refuses %s at its line", async (verify, why) => {
    await expect(load(verify)).rejects.toThrow(why);
  });
});
