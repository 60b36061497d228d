import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress } from "../../demo/progress.js";

function record(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  let time = 0;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, stream, now: () => time, pass: (ms: number) => (time += ms) };
}

describe("createProgress", () => {
  beforeEach(() => vi.stubEnv("TERM", "xterm"));
  afterEach(() => vi.unstubAllEnvs());

  it("rewrites one line in a terminal, at most every 50 ms, and leaves nothing behind", () => {
    const { written, stream, now, pass } = record(true);
    const progress = createProgress(4, stream, now);
    progress.begin("first");
    progress.tick();
    pass(60);
    progress.tick();
    progress.tick();
    progress.tick();
    progress.end();
    expect(written).toEqual([
      "\r\u001b[K[------------------------]   0 %  first",
      "\r\u001b[K[############------------]  50 %  first",
      "\r\u001b[K[########################] 100 %  first",
      "\r\u001b[K",
    ]);
  });

  it("stays within a narrow terminal", () => {
    const { written, stream, now } = record(true, 20);
    createProgress(1, stream, now).begin("a step with a long name");
    expect(written.map((text) => text.replace("\r\u001b[K", "").length)).toEqual([19]);
  });

  it.each([
    ["that is no terminal", false, "xterm"],
    ["to a dumb terminal", true, "dumb"],
  ])("writes one plain line a step %s", (_, isTTY, term) => {
    vi.stubEnv("TERM", term);
    const { written, stream, now, pass } = record(isTTY);
    const progress = createProgress(3, stream, now);
    progress.begin("first");
    progress.tick();
    progress.tick();
    pass(1_250);
    progress.end();
    progress.begin("second");
    progress.tick();
    progress.end();
    expect(written).toEqual(["first: 2 done in 1.3 s\n", "second: 1 done in 0.0 s\n"]);
  });
});
