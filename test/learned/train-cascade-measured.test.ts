import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCascadeTask } from "../../bench/quality/cascade-recordings.js";
import { brokenPromises } from "../../bench/quality/promises.js";
import { missingFiles } from "../../bench/quality/shared-data.js";
import { trainCascade } from "../../src/learned/index.js";

const shared = process.env.SHARED_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const isMissing = missingFiles(shared).length > 0;
const title = (text: string) => `${text}${isMissing ? " (skipped: ../shared/data is missing)" : ""}`;

describe("trainCascade on recorded answers", () => {
  it.skipIf(isMissing)(
    title("is as accurate as gpt-4o on GSM8K at a seventh of its cost, cross-validated"),
    async () => {
      const { recordings, ...reading } = readCascadeTask(shared, "gsm8k");
      const { report } = await trainCascade(recordings, { ...reading, target: { costShare: 0.14 }, repeats: 2 });
      expect(report.accuracy.value).toBeGreaterThanOrEqual(0.958);
      expect(report.costShare.value).toBeLessThanOrEqual(0.15);
    },
    300_000,
  );

  it.skipIf(isMissing)(
    title("holds half of gemini-1.5-pro's cost on MMLU-Pro, above the random mix"),
    async () => {
      const { recordings, ...reading } = readCascadeTask(shared, "mmlu_pro");
      const { report } = await trainCascade(recordings, { ...reading, target: { costShare: 0.5 }, repeats: 2 });
      expect(Math.abs(report.costShare.value - 0.5)).toBeLessThanOrEqual(0.07);
      expect(report.accuracy.value).toBeGreaterThan(report.randomMix);
    },
    300_000,
  );

  it.skipIf(isMissing)(
    title("keeps its bounds in 300 draws, which a threshold that looks right breaks"),
    async () => {
      const broken = await brokenPromises(shared, "mmlu_pro", 0.1);
      expect(broken.learnThenTest).toBeLessThanOrEqual(0.135);
      expect(broken.naive).toBeGreaterThan(0.3);
    },
    300_000,
  );
});
